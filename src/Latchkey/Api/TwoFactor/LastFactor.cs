using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>What goes with changes of second factors: the lock, recovery codes and remembered devices.</summary>
public sealed class LastFactor(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserRecoveryCodes recoveryCodes,
    RememberedDevices devices,
    TimeProvider clock
)
{
    private static readonly Error SessionEnded = ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile");

    /// <summary>
    /// Locks the user's row for a change of factors. 405 when the session that asks has ended since: what ended it, such as a reset, must
    /// not be followed by a factor of whoever was signed in.
    /// </summary>
    public async Task<Result<User>> Lock(DbConnection db, UserCaller caller) =>
        await users.FindForUpdate(db, database.Dialect, caller.User.AppId, caller.User.Id) is { } locked
        && await sessions.IsLive(db, caller.User.AppId, caller.Session.Id, clock.Now())
            ? locked
            : SessionEnded;

    /// <summary>715 when the method is the user's only factor and the application requires one.</summary>
    public static Error? Refuse(ApplicationSettings settings, User user, FactorMethod method) =>
        settings.RequiresFactor && FactorMethods.Of(settings, user) is [var only] && only == method ? ErrorCodes.LastSecondFactor : null;

    /// <summary>New recovery codes, to be shown to the user once.</summary>
    public Task<IReadOnlyList<string>> RenewCodes(DbConnection db, User user) => recoveryCodes.Renew(db, user);

    /// <summary>
    /// Removes what the user's earlier factors left. Call it when the first factor is switched on, whoever had what before, and when the
    /// last one is switched off.
    /// </summary>
    public async Task RemoveLeftovers(DbConnection db, User user)
    {
        await recoveryCodes.RemoveAll(db, user);
        await devices.RemoveAll(db, user);
    }
}
