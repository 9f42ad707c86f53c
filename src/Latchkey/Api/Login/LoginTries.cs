using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;

namespace Latchkey.Api.Login;

/// <summary>What a counted try may still do.</summary>
public enum LoginTry
{
    Free,

    /// <summary>If it fails, the user is locked (maxLoginAttempts).</summary>
    Last,

    /// <summary>The user is locked: nothing is evaluated.</summary>
    Locked,
}

/// <summary>
/// Counts tries of passwords before they are evaluated: with back-off per handle and network, per network over all handles
/// (but for handles that have logged in from it), and per user where the application sets maxLoginAttempts.
/// </summary>
public sealed class LoginTries(Database database, UserStore users, RateLimits limits, Notices notices, MessageOutbox outbox)
{
    /// <summary>The id of no user.</summary>
    private const string Nobody = "";

    /// <summary>One transaction, with the same statements whether or not there is such a user: the time of an answer shall not tell.</summary>
    public async Task<Result<LoginTry>> Take(Application application, User? user, string name, ClientAddress client)
    {
        var (most, ofHandle) = (application.Settings.MaxLoginAttempts, OfHandle(Subject(application, user, name), client));
        Try[] bounds = [new(DefaultLimits.FailedLogins, ofHandle), new(DefaultLimits.FailedLoginsOfNetwork, client.Network, UnlessKnown: ofHandle)];
        int? count = null;

        // The user's row comes first, as in the transaction that logs it in: two that take it in another order wait for each other.
        var tooMany = most == 0
            ? await limits.Take(application.Id, bounds)
            : await limits.TakeAfter(async db => count = await users.TakeLoginTry(db, application.Id, user?.Id ?? Nobody, most), application.Id, bounds);
        if (tooMany is not null)
        {
            return tooMany;
        }

        return user is null || most == 0 ? LoginTry.Free : count is null ? LoginTry.Locked : count == most ? LoginTry.Last : LoginTry.Free;
    }

    /// <summary>Gives the try back and forgets the failures before it; part of the transaction that logs the user in.</summary>
    public async Task Succeeded(DbConnection db, Application application, User user, string name, ClientAddress client)
    {
        var ofHandle = OfHandle(Subject(application, user, name), client);
        await limits.Clear(db, DefaultLimits.FailedLogins, application.Id, ofHandle);
        await limits.GiveBackUnlessKnown(db, DefaultLimits.FailedLoginsOfNetwork, application.Id, client.Network, ofHandle);
        await limits.Recognise(db, application.Id, ofHandle);
        await users.ForgetFailedLogins(db, user.AppId, user.Id);
    }

    /// <summary>The password was wrong. The failure that locks the user is told to it, once.</summary>
    public async Task Failed(Application application, User? user, LoginTry taken, ClientAddress client)
    {
        if (taken == LoginTry.Last && user is { Anonymous: false })
        {
            await database.Write(db => notices.Tell(db, application, user, MessageKind.UserLocked, client.Address));
            outbox.Wake();
        }
    }

    /// <summary>Takes a try back that was no failure: the password was right, or the server was too busy to look. What was not counted stays as it is.</summary>
    public async Task GiveBack(Application application, User? user, string name, ClientAddress client, LoginTry taken) =>
        await database.Write(async db =>
        {
            var ofHandle = OfHandle(Subject(application, user, name), client);
            await limits.GiveBack(db, DefaultLimits.FailedLogins, application.Id, ofHandle);
            await limits.GiveBackUnlessKnown(db, DefaultLimits.FailedLoginsOfNetwork, application.Id, client.Network, ofHandle);
            if (user is not null && application.Settings.MaxLoginAttempts > 0 && taken != LoginTry.Locked)
            {
                await users.GiveLoginTryBack(db, user.AppId, user.Id);
            }
        });

    /// <summary>One user is one counter under both its names, unless that would tell that they are one user's.</summary>
    private static string Subject(Application application, User? user, string name) =>
        user is null || application.Settings.HideAccountExistence ? name : user.Handle;

    private static string OfHandle(string name, ClientAddress client) => $"{name}|{client.Network}";
}
