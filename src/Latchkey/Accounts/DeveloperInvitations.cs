using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>Invitations by mail: operators invite to the installation, owners invite to an application.</summary>
public sealed class DeveloperInvitations(
    Database database,
    DeveloperInvitationStore store,
    DeveloperStore developers,
    MemberStore members,
    ApplicationStore applications,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    AuditStore audit,
    InstallationLog log,
    TimeProvider clock
)
{
    public const string Path = "/portal/invitation";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private static readonly Error IsMember = ErrorCodes.HandleRegistered with
    {
        Message = "This developer is already a member of the application.",
    };
    private static readonly Error NoSuchRole = ErrorCodes.InvalidData with { Message = "Choose a role." };
    private static readonly Error NoLongerAllowed = ErrorCodes.InsufficientRole with { Message = "You can no longer invite people." };
    private static readonly Error NoSuchInvitation = ErrorCodes.AccountNotFound with { Message = "This invitation no longer exists." };

    public Task<IReadOnlyList<DeveloperInvitation>> ListByApplication(string appId) =>
        database.Read(db => store.ListByApplication(db, appId, clock.Now()));

    public Task<IReadOnlyList<DeveloperInvitation>> ListForInstallation() =>
        database.Read(db => store.ListForInstallation(db, clock.Now()));

    /// <summary>Invites someone to create an account. 601 when the address has one. Returns the normalised address.</summary>
    public Task<Result<string>> InviteToInstallation(string raw, Developer inviter, ClientAddress client) =>
        Invite(
            raw,
            null,
            Role.None,
            inviter,
            async (db, email) => await developers.FindByEmail(db, email) is null ? ("", null) : ("", AccountValidator.AddressTaken),
            client.Address
        );

    /// <summary>
    /// Invites someone to an application, replacing an earlier invitation of the address. Does not reveal whether the address has an
    /// account.
    /// </summary>
    public Task<Result<string>> InviteToApplication(string appId, string raw, Role role, Developer inviter, ClientAddress client) =>
        MemberRoles.All.Contains(role)
            ? Invite(
                raw,
                appId,
                role,
                inviter,
                async (db, email) =>
                {
                    if (await applications.Find(db, appId) is not { } application)
                    {
                        return ("", ErrorCodes.AppNoLongerExists);
                    }

                    return (
                        application.Name,
                        await developers.FindByEmail(db, email) is { } known && await members.Role(db, appId, known.Id) != Role.None
                            ? IsMember
                            : null
                    );
                },
                client.Address
            )
            : Task.FromResult<Result<string>>(NoSuchRole);

    /// <summary>Revokes an application's invitation; for null, one of the installation.</summary>
    public async Task<Result<Done>> Revoke(string? appId, string id, Actor actor)
    {
        var (_, gone) = await Write(
            appId,
            async db =>
            {
                if (await store.Revoke(db, appId, id) is not { } email)
                {
                    return NoSuchInvitation;
                }

                await Log(db, appId, MemberActions.RevokeInvitation, email, actor, "");
                return email;
            },
            email => InstallationEntry.By(actor, "revokeInvitation", $"invitation of {email} revoked")
        );
        return gone is null ? default(Done) : gone;
    }

    private async Task<Result<string>> Invite(
        string raw,
        string? appId,
        Role role,
        Developer inviter,
        Func<DbConnection, string, Task<(string Name, Error? Refused)>> look,
        string client
    )
    {
        if (AccountValidator.ParseEmail(raw).Failed(out var email, out var notAnAddress))
        {
            return notAnAddress;
        }

        var (name, refused) = await database.Read(db => look(db, email));
        if ((refused ?? await mailLimits.TryAcquireForInvitation(email, inviter.Id)) is { } no)
        {
            return no;
        }

        var (token, now) = (Secrets.Token(), clock.Now());
        var expiresAt = now + (long)Lifetime.TotalMilliseconds;
        var actor = new Actor(inviter.Email, client);
        var sent = await Write(
            appId,
            async db =>
            {
                if (!await CanStillInvite(db, appId, inviter.Id))
                {
                    return NoLongerAllowed;
                }

                await store.Upsert(
                    db,
                    new DeveloperInvitation
                    {
                        Id = Ids.New(clock),
                        TokenHash = Secrets.Hash(token),
                        Email = email,
                        AppId = appId,
                        Role = role,
                        InvitedBy = inviter.Email,
                        InviterId = inviter.Id,
                        CreatedAt = now,
                        ExpiresAt = expiresAt,
                    }
                );
                await mails.Enqueue(
                    db,
                    email,
                    appId is null ? PortalMailKind.Invitation : PortalMailKind.MemberInvitation,
                    new PortalMailValues(
                        client,
                        $"{Path}?token={token}",
                        inviter.Name,
                        name,
                        role == Role.None ? "" : role.ToName(),
                        ExpiresAt: expiresAt
                    )
                );
                await Log(db, appId, MemberActions.Invite, email, actor, role == Role.None ? "" : role.ToName());
                return email;
            },
            _ => InstallationEntry.By(actor, "inviteDeveloper", $"{email} invited")
        );
        mails.Wake();
        return sent;
    }

    /// <summary>
    /// Checked again under a row lock. When an inviter is suspended or removed, all their invitations are revoked, and none can be sent
    /// afterwards.
    /// </summary>
    private async Task<bool> CanStillInvite(DbConnection db, string? appId, string inviterId) =>
        await developers.FindForUpdate(db, inviterId) is { IsActive: true } inviter
        && (
            inviter.IsOperator
            || (
                appId is not null
                && await applications.FindForUpdate(db, appId) is not null
                && await members.Role(db, appId, inviterId) == Role.Owner
            )
        );

    /// <summary>Invitations to an application are in its audit log, the others in the installation's log.</summary>
    private Task<Result<string>> Write(
        string? appId,
        Func<DbConnection, Task<Result<string>>> change,
        Func<string, InstallationEntry> entry
    ) => appId is null ? log.Write(change, entry) : database.Write(change);

    private Task Log(DbConnection db, string? appId, string action, string email, Actor actor, string detail) =>
        appId is null ? Task.CompletedTask : audit.Add(db, new AuditEntry(appId, action, email, actor) { Detail = detail });
}
