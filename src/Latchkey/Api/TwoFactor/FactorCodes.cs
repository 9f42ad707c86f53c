using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Verifies and uses up codes of second factors and proofs of passkeys, each once.</summary>
public sealed class FactorCodes(GoogleTwoFactor google, UserCodes codes, UserRecoveryCodes recoveryCodes, PasskeyFactor passkeys)
{
    /// <summary>
    /// Whether the answer is right and was not used before. A right one is used up, unless it was sent: then its row is for the caller to
    /// mark. Runs in the caller's transaction, with the user's row locked.
    /// </summary>
    /// <param name="row">The row of a code that was sent; null for none.</param>
    public async Task<bool> TryUse(
        DbConnection db,
        Application application,
        User user,
        FactorMethod method,
        FactorAnswer answer,
        UserCode? row,
        ClientAddress client
    ) =>
        IsAvailable(application, user, method)
        && method switch
        {
            FactorMethod.Otp => await google.VerifyCode(db, user, answer.Code),
            FactorMethod.Sms => row is { IsSent: true, Phone: null } && codes.Matches(row, user, answer.Code),
            FactorMethod.Passkey => answer.Proof is { } proof && await passkeys.Use(db, proof) is null,
            FactorMethod.Recovery => await recoveryCodes.TryUse(db, application, user, answer.Code, client),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };

    /// <summary>
    /// Verifies what the passkey of a login signed, or registers it where the login sets it up. 717 with the cause in the log when it is
    /// wrong. Codes are verified later, by <see cref="TryUse"/>.
    /// </summary>
    public async Task<Result<FactorAnswer>> Read(
        Application application,
        UserCode step,
        FactorMethod method,
        string code,
        PasskeyAnswerInput? passkey
    )
    {
        if (method != FactorMethod.Passkey || passkey is null)
        {
            return method == FactorMethod.Passkey ? ErrorCodes.MissingParameter.WithCause("credential") : new FactorAnswer(code);
        }

        if (step.Purpose == CodePurpose.Enrollment)
        {
            return (await passkeys.VerifyEnrollment(application, step, passkey)).Failed(out var added, out var unfit)
                ? unfit
                : new FactorAnswer("", NewPasskey: added);
        }

        var verified = await passkeys.Verify(application, step.UserId, PasskeyPurpose.SecondFactor, step.Id, passkey);
        return verified.Failed(out var proof, out var refused) ? refused : new FactorAnswer("", proof);
    }

    /// <summary>Under a policy, the user must have the factor now; recovery codes need one to stand for.</summary>
    private static bool IsAvailable(Application application, User user, FactorMethod method)
    {
        var factors = FactorMethods.Of(application.Settings, user);
        return application.Settings.HasFactorPolicy
            ? method == FactorMethod.Recovery
                ? factors.Count > 0
                : factors.Contains(method)
            : method != FactorMethod.Recovery;
    }
}
