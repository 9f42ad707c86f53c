using System.Data.Common;
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

/// <summary>The codes and links of invitations, stored as keyed hashes over their application and handle.</summary>
public sealed class InvitationCodes(
    InvitationStore invitations,
    MessageLimits messages,
    CodeAttempts attempts,
    MailedLink links,
    UserMessenger messenger,
    KeyRing ring,
    TimeProvider clock
)
{
    public const string Purpose = "invitation";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The keyed hashes under which an invitation's code or link may be stored.</summary>
    public string[] Hashes(string appId, string handle, string code) => ring.KeyedHashes(Purpose, $"{appId}|{Handle.KeyOf(handle)}|{code}");

    /// <summary>Gives the inviting network its attempts at a new code. Also done for addresses with an account.</summary>
    public Task BeginNewCode(DbConnection db, string appId, string handle, string network) =>
        attempts.BeginNewCode(db, appId, Purpose, handle, network);

    /// <summary>
    /// Stores the invitation and mails its code and link. Runs in the caller's transaction. 700 if the application has no budget for the
    /// mail, or the address has too many pending invitations.
    /// </summary>
    public async Task<Error?> Store(DbConnection db, Application application, Inviter inviter, InvitationDraft draft, string appToken)
    {
        var now = clock.Now();
        var token = Secrets.Token();
        var invitation = new Invitation
        {
            AppId = application.Id,
            Handle = draft.Handle,
            Sender = draft.Sender,
            InviterUserId = inviter.User?.Id,
            Network = inviter.Network,
            LinkHash = Hashes(application.Id, draft.Handle, token)[0],
            Metadata = draft.Metadata,
            Locale = draft.Locale,
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
        if (await messages.Charge(db, application, inviter.Purpose, draft.Handle) is { } noBudget)
        {
            return noBudget;
        }

        if (await invitations.MakeRoom(db, invitation, now) is { } tooManyCodes)
        {
            return tooManyCodes;
        }

        await BeginNewCode(db, application.Id, draft.Handle, inviter.Network);
        var values = new MacroValues(
            draft.Handle,
            inviter.User is null ? application.Name : inviter.Actor.Client,
            await Insert(db, invitation),
            Link: links.Create("register", appToken, draft.Handle, token, draft.Locale),
            ExpiresAt: invitation.ExpiresAt
        );
        await messenger.Enqueue(db, application, draft.Handle, MessageKind.Invite, draft.Locale, values);
        return null;
    }

    /// <summary>Stores the invitation under a fresh code, drawn again in the rare case that the handle has it already.</summary>
    private async Task<string> Insert(DbConnection db, Invitation invitation)
    {
        while (true)
        {
            var code = Secrets.SixDigits();
            var row = invitation with { Id = Ids.New(clock), CodeHash = Hashes(invitation.AppId, invitation.Handle, code)[0] };
            if (await invitations.Insert(db, row))
            {
                return code;
            }
        }
    }
}
