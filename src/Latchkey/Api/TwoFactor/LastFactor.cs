using System.Data.Common;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>What depends on a user having a second factor: recovery codes and remembered devices.</summary>
public sealed class LastFactor(UserRecoveryCodes recoveryCodes, RememberedDevices devices)
{
    /// <summary>715 when the method is the user's only factor and the application requires one.</summary>
    public static Error? Refuse(ApplicationSettings settings, User user, FactorMethod method) =>
        settings.RequiresFactor && FactorMethods.Of(settings, user) is [var only] && only == method ? ErrorCodes.LastSecondFactor : null;

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
