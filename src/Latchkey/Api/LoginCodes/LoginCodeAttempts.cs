using System.Data.Common;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Api.LoginCodes;

/// <summary>
/// Rate limits for guessing login codes, beside the five attempts of each request: those of one network, at one handle in a day and at all
/// in an hour. A network uses up its own only, so nobody can hold another's login up.
/// </summary>
public sealed class LoginCodeAttempts(RateLimits limits)
{
    /// <summary>Counts an attempt before anything is looked up; 700 when a limit is reached.</summary>
    public Task<Error?> TryAcquire(string appId, LoginTarget target, ClientAddress client) =>
        limits.TryAcquire(
            appId,
            new RateLimitRequest(DefaultLimits.WrongCodesPerHandle, Own(target.Text, client)),
            new RateLimitRequest(DefaultLimits.CodeAttemptsPerNetwork, client.Network)
        );

    /// <summary>After a correct code, resets the day's count. Runs in the transaction that uses the code up.</summary>
    public async Task Clear(DbConnection db, string appId, string handle, ClientAddress client)
    {
        await limits.Clear(db, DefaultLimits.WrongCodesPerHandle, appId, Own(handle, client));
        await limits.Release(db, DefaultLimits.CodeAttemptsPerNetwork, appId, client.Network);
    }

    private static string Own(string handle, ClientAddress client) => $"login code|{Handle.KeyOf(handle)}|{client.Network}";
}
