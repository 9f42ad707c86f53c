using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Puts refusals of the authorization endpoint and its pages into the application's log. Most cost whoever causes them nothing, so there
/// is a bound to what is written of them.
/// </summary>
public sealed class AuthorizationLog(Database database, AuditStore audit, LogThrottle throttle)
{
    private const int MaxLinesPerNetwork = 30;
    private const int MaxLinesPerApplication = 1000;

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
        var (appId, network) = (caller.Application.Id, caller.Client.Network);
        var isLimit = error.RetryAfter is not null;
        if (
            Everyday.Contains(error.Code)
            || (isLimit && !throttle.IsFirst($"{appId}|{action}|{network}|{error.Cause}"))
            || throttle.Increment($"{appId}|{action}|{network}") > MaxLinesPerNetwork
            || throttle.Increment($"{appId}|{action}") > MaxLinesPerApplication
        )
        {
            return;
        }

        var entry = new AuditEntry(appId, action, handle, caller.Client.Address)
        {
            Code = error.Code,
            Detail = error.Cause ?? (error.OAuthCode is null ? "" : $"{error.OAuthCode}: {error.Message}"),
        };
        await database.Write(db => audit.Add(db, entry));
    }
}
