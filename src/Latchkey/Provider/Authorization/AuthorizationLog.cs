using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Puts refusals of the authorization endpoint and its pages into the application's log, within the bounds of <see cref="LogLines"/>.
/// </summary>
public sealed class AuthorizationLog(Database database, AuditStore audit, LogThrottle throttle)
{
    /// <summary>Where the user only has to do something, nothing is wrong.</summary>
    private static readonly HashSet<int> Everyday =
    [
        OAuthErrors.LoginRequired.Code,
        OAuthErrors.ConsentRequired.Code,
        OAuthErrors.InteractionRequired.Code,
        OAuthErrors.AccountSelectionRequired.Code,
    ];

    /// <param name="caller">The application, and where the request comes from.</param>
    /// <param name="action">The function, as the log names it.</param>
    /// <param name="error">Why.</param>
    /// <param name="handle">The user concerned; empty for none.</param>
    public async Task Record(ProviderCaller caller, string action, Error error, string handle = "")
    {
        var appId = caller.Application.Id;
        if (Everyday.Contains(error.Code) || LogLines.Bound(throttle, appId, action, caller.Client.Network, error) is not { } line)
        {
            return;
        }

        var entry = new AuditEntry(appId, action, handle, caller.Client.Address)
        {
            Code = line.Code,
            Detail = line.Cause ?? (line.OAuthCode is null ? "" : $"{line.OAuthCode}: {line.Message}"),
        };
        await database.Write(db => audit.Add(db, entry));
    }
}
