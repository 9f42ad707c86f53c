using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;

namespace Latchkey.Api.Login;

/// <summary>
/// Counts password attempts before they are checked (<see cref="PasswordAttempts"/>), and per user if the application sets
/// maxLoginAttempts.
/// </summary>
public sealed class LoginAttempts(Database database, UserStore users, PasswordAttempts attempts, SecurityNotifications notifications)
{
    /// <summary>The id of no user.</summary>
    private const string NoUserId = "";

    /// <summary>
    /// One transaction with the same statements whether or not the user exists: constant-time, to prevent user enumeration.
    /// </summary>
    public async Task<Result<LoginAttempt>> TryAcquire(Application application, User? user, string name, ClientAddress client)
    {
        var (maxAttempts, subject) = (application.Settings.MaxLoginAttempts, Subject(application, user, name));
        int? count = null;

        // The user's row comes first, as in the transaction that logs it in: two that take it in another order wait for each other.
        var counted = await attempts.TryAcquire(
            application.Id,
            subject,
            client,
            maxAttempts == 0
                ? null
                : async db => count = await users.TryAcquireLoginAttempt(db, application.Id, user?.Id ?? NoUserId, maxAttempts)
        );
        if (counted.Failed(out var isGuessing, out var tooMany))
        {
            return tooMany;
        }

        var state =
            user is null || maxAttempts == 0 ? LoginAttemptState.Allowed
            : count is null ? LoginAttemptState.Locked
            : count == maxAttempts ? LoginAttemptState.Last
            : LoginAttemptState.Allowed;
        return new LoginAttempt(state, isGuessing);
    }

    /// <summary>Releases the attempt and resets earlier failures. Part of the transaction that logs the user in.</summary>
    public async Task RecordSuccess(DbConnection db, Application application, User user, string name, ClientAddress client)
    {
        await attempts.RecordSuccess(db, application.Id, Subject(application, user, name), client);
        await users.ResetFailedLogins(db, user.AppId, user.Id);
    }

    /// <summary>
    /// Call it after a wrong password. Mails the user when this failure locks the user, and at most once a day when many networks are
    /// guessing.
    /// </summary>
    public async Task RecordFailure(Application application, User? user, string name, LoginAttempt attempt, ClientAddress client)
    {
        var owner = user is { Anonymous: false } ? user : null;
        var tellsOfGuessing =
            attempt.IsGuessing && await attempts.TryAcquireNotice(application.Id, Subject(application, user, name)) && owner is not null;
        if (owner is not null && attempt.State == LoginAttemptState.Last)
        {
            await database.Write(db => notifications.Send(db, application, owner, MessageKind.UserLocked, client.Address));
            notifications.Wake();
        }

        if (owner is not null && tellsOfGuessing)
        {
            await database.Write(db => notifications.Send(db, application, owner, MessageKind.PasswordGuessing, client.Address));
            notifications.Wake();
        }
    }

    /// <summary>
    /// Releases an attempt that did not fail: the password was correct, or the server was too busy to check it. Other counters do not
    /// change.
    /// </summary>
    public async Task Release(Application application, User? user, string name, ClientAddress client, LoginAttemptState state) =>
        await database.Write(async db =>
        {
            await attempts.Release(db, application.Id, Subject(application, user, name), client);
            if (user is not null && application.Settings.MaxLoginAttempts > 0 && state != LoginAttemptState.Locked)
            {
                await users.ReleaseLoginAttempt(db, user.AppId, user.Id);
            }
        });

    /// <summary>Handle and user name share one counter, unless that would reveal that they belong to one user.</summary>
    private static string Subject(Application application, User? user, string name) =>
        user is null || application.Settings.HideAccountExistence ? name : user.Handle;
}
