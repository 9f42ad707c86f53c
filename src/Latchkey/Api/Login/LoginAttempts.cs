using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;

namespace Latchkey.Api.Login;

/// <summary>
/// Counts password attempts before they are checked: with back-off per handle and network, per network for all handles (except those that
/// have logged in from it), and per user if the application sets maxLoginAttempts.
/// </summary>
public sealed class LoginAttempts(
    Database database,
    UserStore users,
    RateLimits limits,
    SecurityNotifications notifications,
    MessageOutbox outbox
)
{
    /// <summary>The id of no user.</summary>
    private const string NoUserId = "";

    /// <summary>
    /// One transaction with the same statements whether or not the user exists: constant-time, to prevent user enumeration.
    /// </summary>
    public async Task<Result<LoginAttempt>> TryAcquire(Application application, User? user, string name, ClientAddress client)
    {
        var (maxAttempts, handleKey) = (application.Settings.MaxLoginAttempts, HandleKey(Subject(application, user, name), client));
        RateLimitRequest[] requests =
        [
            new(DefaultLimits.FailedLogins, handleKey),
            new(DefaultLimits.FailedLoginsPerNetwork, client.Network, ExemptIfTrusted: handleKey),
        ];
        int? count = null;

        // The user's row comes first, as in the transaction that logs it in: two that take it in another order wait for each other.
        var tooMany =
            maxAttempts == 0
                ? await limits.TryAcquire(application.Id, requests)
                : await limits.TryAcquireAfter(
                    async db => count = await users.TryAcquireLoginAttempt(db, application.Id, user?.Id ?? NoUserId, maxAttempts),
                    application.Id,
                    requests
                );
        if (tooMany is not null)
        {
            return tooMany;
        }

        return user is null || maxAttempts == 0 ? LoginAttempt.Allowed
            : count is null ? LoginAttempt.Locked
            : count == maxAttempts ? LoginAttempt.Last
            : LoginAttempt.Allowed;
    }

    /// <summary>Releases the attempt and resets earlier failures. Part of the transaction that logs the user in.</summary>
    public async Task RecordSuccess(DbConnection db, Application application, User user, string name, ClientAddress client)
    {
        var handleKey = HandleKey(Subject(application, user, name), client);
        await limits.Clear(db, DefaultLimits.FailedLogins, application.Id, handleKey);
        await limits.ReleaseUnlessTrusted(db, DefaultLimits.FailedLoginsPerNetwork, application.Id, client.Network, handleKey);
        await limits.TrustNetwork(db, application.Id, handleKey);
        await users.ResetFailedLogins(db, user.AppId, user.Id);
    }

    /// <summary>The password was wrong. The failure that locks the user is mailed to the user, once.</summary>
    public async Task RecordFailure(Application application, User? user, LoginAttempt taken, ClientAddress client)
    {
        if (taken == LoginAttempt.Last && user is { Anonymous: false })
        {
            await database.Write(db => notifications.Send(db, application, user, MessageKind.UserLocked, client.Address));
            outbox.Wake();
        }
    }

    /// <summary>
    /// Releases an attempt that did not fail: the password was correct, or the server was too busy to check it. Other counters do not
    /// change.
    /// </summary>
    public async Task Release(Application application, User? user, string name, ClientAddress client, LoginAttempt taken) =>
        await database.Write(async db =>
        {
            var handleKey = HandleKey(Subject(application, user, name), client);
            await limits.Release(db, DefaultLimits.FailedLogins, application.Id, handleKey);
            await limits.ReleaseUnlessTrusted(db, DefaultLimits.FailedLoginsPerNetwork, application.Id, client.Network, handleKey);
            if (user is not null && application.Settings.MaxLoginAttempts > 0 && taken != LoginAttempt.Locked)
            {
                await users.ReleaseLoginAttempt(db, user.AppId, user.Id);
            }
        });

    /// <summary>Handle and user name share one counter, unless that would reveal that they belong to one user.</summary>
    private static string Subject(Application application, User? user, string name) =>
        user is null || application.Settings.HideAccountExistence ? name : user.Handle;

    private static string HandleKey(string name, ClientAddress client) => $"{Handle.KeyOf(name)}|{client.Network}";
}
