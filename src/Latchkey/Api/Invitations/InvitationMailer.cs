using System.Data.Common;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;

namespace Latchkey.Api.Invitations;

/// <summary>
/// Has an invitation stored and mailed: a code to the invited address, and nowhere else. If the application hides who has an account, a
/// user's invitation is stored after the response.
/// </summary>
public sealed class InvitationMailer(
    Database database,
    ApplicationCache applications,
    InvitationCodes codes,
    UserStore users,
    MailedLink links,
    UserMessenger messenger,
    DeferredWork deferred,
    AuditStore audit
) : IDeferredWork
{
    private const string Action = "invite";

    /// <inheritdoc/>
    public string Kind => Action;

    /// <summary>601 already a user, and that is not hidden; 700 if the application cannot send.</summary>
    public async Task<Result<Done>> Mail(Application application, Inviter inviter, InvitationDraft draft)
    {
        var hides = application.Settings.HideAccountExistence;
        if (hides && inviter.User is { } user)
        {
            var client = new ClientAddress(inviter.Actor.Client, inviter.Network);
            var work = new DeferredInvitation(application.Id, user.Id, client, draft);
            await deferred.Add(Kind, work, DeferredJson.Default.DeferredInvitation);
            return default(Done);
        }

        var appToken = await links.AppToken(application.Id);
        var sent = await database.Write<Result<Done>>(async db =>
        {
            if (!hides)
            {
                return await Store(db, application, inviter, draft, appToken) is { } refused ? refused : default(Done);
            }

            await StoreSilently(db, application, inviter, draft, appToken);
            return default(Done);
        });
        messenger.Wake();
        return sent;
    }

    /// <inheritdoc/>
    public async Task<Func<DbConnection, Task>?> Prepare(string input)
    {
        var work = JsonSerializer.Deserialize(input, DeferredJson.Default.DeferredInvitation);
        if (
            work is null
            || await applications.Find(work.AppId) is not { } application
            || await database.Read(db => users.Find(db, work.AppId, work.InviterUserId)) is not { } user
        )
        {
            return null;
        }

        var appToken = await links.AppToken(application.Id);
        var inviter = new Inviter(new Actor(user.Handle, work.Client.Address), user, work.Client.Network);
        return db => StoreSilently(db, application, inviter, work.Draft, appToken);
    }

    /// <inheritdoc/>
    public void Finish() => messenger.Wake();

    /// <summary>The log has the reason why no code is sent, and nobody else learns it.</summary>
    private async Task StoreSilently(DbConnection db, Application application, Inviter inviter, InvitationDraft draft, string appToken)
    {
        if (await Store(db, application, inviter, draft, appToken) is { } refused)
        {
            await codes.BeginNewCode(db, application.Id, draft.Handle, inviter.Network);
            await audit.Add(db, Entry(application, inviter, draft).Refused(refused));
        }
    }

    private async Task<Error?> Store(DbConnection db, Application application, Inviter inviter, InvitationDraft draft, string appToken)
    {
        if (await users.HandleExists(db, application.Id, draft.Handle))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (await codes.Store(db, application, inviter, draft, appToken) is { } refused)
        {
            return refused;
        }

        await audit.Add(db, Entry(application, inviter, draft));
        return null;
    }

    private static AuditEntry Entry(Application application, Inviter inviter, InvitationDraft draft) =>
        new(application.Id, Action, draft.Handle, inviter.Actor);
}
