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
using Latchkey.Users.Registration;

namespace Latchkey.Api.Signup;

/// <summary>
/// Stores a signup and mails its code or link. If the application hides who has an account, it does so after the response, and the owner of
/// an address with an account gets a mail that says so.
/// </summary>
public sealed class SignupMailer(
    Database database,
    ApplicationCache applications,
    SignupRequests requests,
    UserStore users,
    UserQuota quota,
    MessageLimits messages,
    UserMessenger messenger,
    DeferredWork deferred,
    AuditStore audit
) : IDeferredWork
{
    private const string Action = "signup";

    /// <inheritdoc/>
    public string Kind => Action;

    /// <summary>601 if the address has an account and that is not hidden; 704 if the application is full; 700 if it cannot send.</summary>
    public async Task<Result<SignupResult>> Mail(Application application, ClientAddress client, string? upgradesUserId, SignupDraft draft)
    {
        var signup = new DeferredSignup(application.Id, client, upgradesUserId, draft);
        if (application.Settings.HideAccountExistence)
        {
            return await Defer(application, signup);
        }

        var appToken = await requests.AppTokenForLink(application);
        var stored = await database.Write<Result<SignupResult>>(async db =>
            await Store(db, application, signup, appToken) is { } refused ? refused : new MailSent(draft)
        );
        messenger.Wake();
        return stored;
    }

    /// <inheritdoc/>
    public async Task<Func<DbConnection, Task>?> Prepare(string input)
    {
        var signup = JsonSerializer.Deserialize(input, DeferredJson.Default.DeferredSignup);
        if (signup is null || await applications.Find(signup.AppId) is not { } application)
        {
            return null;
        }

        var appToken = await requests.AppTokenForLink(application);
        return db => StoreSilently(db, application, signup, appToken);
    }

    /// <inheritdoc/>
    public void Finish() => messenger.Wake();

    /// <summary>Whether the application is full does not depend on the address, so the response tells it.</summary>
    private async Task<Result<SignupResult>> Defer(Application application, DeferredSignup signup)
    {
        if (await database.Read(db => quota.IsFull(db, application)))
        {
            return ErrorCodes.TooManyUsers;
        }

        await deferred.Add(Kind, signup, DeferredJson.Default.DeferredSignup);
        return new MailSent(signup.Draft);
    }

    private async Task<Error?> Store(DbConnection db, Application application, DeferredSignup signup, string? appToken)
    {
        if (await users.HandleExists(db, application.Id, signup.Draft.Handle))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (await quota.IsFull(db, application))
        {
            return ErrorCodes.TooManyUsers;
        }

        if (await requests.Store(db, application, signup, appToken) is { } refused)
        {
            return refused;
        }

        await audit.Add(db, Entry(signup));
        return null;
    }

    /// <summary>The log has the reason why no code is sent, and nobody else learns it.</summary>
    private async Task StoreSilently(DbConnection db, Application application, DeferredSignup signup, string? appToken)
    {
        if (await Store(db, application, signup, appToken) is not { } refused)
        {
            return;
        }

        if (refused == ErrorCodes.HandleRegistered)
        {
            refused = await TellOwner(db, application, signup) ?? refused;
        }

        await requests.BeginNewCode(db, signup);
        await audit.Add(db, Entry(signup).Refused(refused));
    }

    /// <summary>700 when the owner cannot get another mail.</summary>
    private async Task<Error?> TellOwner(DbConnection db, Application application, DeferredSignup signup)
    {
        var (handle, network) = (signup.Draft.Handle, signup.Client.Network);
        if (
            (
                await messages.TryAcquireSilently(db, application, handle, network)
                ?? await messages.Charge(db, application, MessagePurpose.ForUser(network), handle)
            ) is
            { } tooMany
        )
        {
            return tooMany;
        }

        var values = new MacroValues(handle, signup.Client.Address);
        await messenger.Enqueue(db, application, handle, MessageKind.AccountExists, signup.Draft.Locale, values);
        return null;
    }

    private static AuditEntry Entry(DeferredSignup signup) => new(signup.AppId, Action, signup.Draft.Handle, signup.Client.Address);
}
