using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>recoveryCodes: a user gets ten new recovery codes, which replace the old ones.</summary>
public sealed class RecoveryCodeRules(
    Database database,
    LastFactor lastFactor,
    UserRecoveryCodes recoveryCodes,
    StepUp stepUp,
    RateLimits limits,
    AuditStore audit
)
{
    private const string Action = "recoveryCodes";
    private static readonly Error NoFactor = ErrorCodes.InvalidData.WithCause("no second factor") with
    {
        Message = "switch a second factor on first",
    };

    /// <summary>
    /// 710 without a proof in the last 15 minutes, by a factor; 602 for a user without a factor; 700 asked too often. No setting opens this
    /// to an access token alone: the codes go round the factor.
    /// </summary>
    public async Task<Result<RecoveryCodesAnswer>> Renew(UserCaller caller)
    {
        var (application, user) = (caller.Application, caller.User);
        if (FactorMethods.Of(application.Settings, user).Count == 0)
        {
            return NoFactor;
        }

        if (stepUp.FindMissingProof(caller) is { } missing)
        {
            return missing;
        }

        if (await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.AuthenticatorKeys, user.Id)) is { } tooMany)
        {
            return tooMany;
        }

        return await database.Write<Result<RecoveryCodesAnswer>>(async db =>
        {
            if ((await lastFactor.Lock(db, caller)).Failed(out var locked, out var ended))
            {
                return ended;
            }

            if (!locked.HasSecondFactor(application.Settings))
            {
                return NoFactor;
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
            return new RecoveryCodesAnswer(await recoveryCodes.Renew(db, locked));
        });
    }
}
