using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Invitations;

/// <summary>Lists, resends and deletes invitations. Only the invited person sees a code.</summary>
public sealed class InvitationAdministration(
    Database database,
    InvitationStore invitations,
    InvitationCodes codes,
    UserStore users,
    MessageLimits messages,
    CodeAttempts attempts,
    MailedLink links,
    UserMessenger messenger,
    AuditStore audit,
    TimeProvider clock
)
{
    private static readonly Error NotPending = ErrorCodes.InvalidData with { Message = "Only a pending invitation can be sent again." };

    /// <summary>Newest first, of handles that begin so.</summary>
    public Task<ListPage<Invitation>> Page(string appId, string search, PageRequest page) =>
        database.Read(db => invitations.Page(db, appId, Field.IsStorable(search) ? Handle.Normalise(search) : "", page));

    public async Task<Invitation?> Find(string appId, string id) =>
        Field.IsStorable(id) ? await database.Read(db => invitations.Find(db, appId, id)) : null;

    /// <summary>How it stands: a <see cref="InvitationStatus"/>, or expired.</summary>
    public string Status(Invitation invitation) =>
        invitation.Status == InvitationStatus.Pending && invitation.ExpiresAt <= clock.Now() ? "expired" : invitation.Status;

    /// <summary>
    /// Mails a new code, which is valid as long as the first. The old code stops working. 601 already a user, 602 not pending, 700 too
    /// many requests, 406 invitations are off.
    /// </summary>
    public async Task<Result<Done>> Resend(Application application, Invitation invitation, Actor actor)
    {
        if (!application.Settings.InvitationEnabled)
        {
            return ErrorCodes.InvitationsDisabled;
        }

        if (invitation.Status != InvitationStatus.Pending)
        {
            return NotPending;
        }

        if (await messages.TryAcquire(application, invitation.Handle, MessagePurpose.ByApplication) is { } tooMany)
        {
            return tooMany;
        }

        var appToken = await links.AppToken(application.Id);
        var sent = await database.Write(db => Renew(db, application, invitation, appToken, actor));
        messenger.Wake();
        return sent;
    }

    /// <summary>Its code stops working. A user who registered with it is kept.</summary>
    public Task<Result<Done>> Delete(Invitation invitation, Actor actor) =>
        database.Write<Result<Done>>(async db =>
        {
            if (!await invitations.Delete(db, invitation.AppId, invitation.Id))
            {
                return ErrorCodes.InvalidData with { Message = "The invitation was already deleted." };
            }

            await audit.Add(db, new AuditEntry(invitation.AppId, "deleteInvitation", invitation.Handle, actor));
            return default(Done);
        });

    private async Task<Result<Done>> Renew(DbConnection db, Application application, Invitation invitation, string appToken, Actor actor)
    {
        if (await users.HandleExists(db, application.Id, invitation.Handle))
        {
            return ErrorCodes.HandleRegistered with { Message = "This address now belongs to a user." };
        }

        if (
            (
                await invitations.MakeRoom(db, invitation, clock.Now())
                ?? await messages.Charge(db, application, MessagePurpose.ByApplication, invitation.Handle)
            ) is
            { } full
        )
        {
            return full;
        }

        await attempts.BeginNewCode(db, application.Id, InvitationCodes.Purpose, invitation.Handle, invitation.Network);
        var token = Secrets.Token();
        if (await IssueNewCode(db, invitation, token) is not var (code, expiresAt))
        {
            return NotPending;
        }

        await messenger.Enqueue(
            db,
            application,
            invitation.Handle,
            MessageKind.Invite,
            invitation.Locale,
            new MacroValues(
                invitation.Handle,
                "",
                code,
                Link: links.Create("register", appToken, invitation.Handle, token, invitation.Locale),
                ExpiresAt: expiresAt
            )
        );
        await audit.Add(db, new AuditEntry(application.Id, "resendInvitation", invitation.Handle, actor));
        return default(Done);
    }

    /// <summary>The new code and its end; null when the invitation is no longer pending.</summary>
    private async Task<(string Code, long ExpiresAt)?> IssueNewCode(DbConnection db, Invitation invitation, string linkToken)
    {
        var now = clock.Now();
        var expiresAt = now + (long)InvitationCodes.Lifetime.TotalMilliseconds;
        var linkHash = codes.Hashes(invitation.AppId, invitation.Handle, linkToken)[0];
        while (await invitations.Find(db, invitation.AppId, invitation.Id) is { Status: InvitationStatus.Pending })
        {
            var code = Secrets.SixDigits();
            var hash = codes.Hashes(invitation.AppId, invitation.Handle, code)[0];
            var renewed = invitation with { CodeHash = hash, LinkHash = linkHash, CreatedAt = now, ExpiresAt = expiresAt };
            if (await invitations.Renew(db, renewed))
            {
                return (code, expiresAt);
            }
        }

        return null;
    }
}
