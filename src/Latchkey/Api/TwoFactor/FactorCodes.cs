using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Verifies and uses up codes of second factors, each once.</summary>
public sealed class FactorCodes(GoogleTwoFactor google, UserCodes codes, UserRecoveryCodes recoveryCodes)
{
    /// <summary>
    /// Whether the code is right and was not used before. A right one is used up, unless it was sent: then its row is for the caller to
    /// mark. Runs in the caller's transaction, with the user's row locked.
    /// </summary>
    /// <param name="row">The row of a code that was sent; null for none.</param>
    public async Task<bool> TryUse(
        DbConnection db,
        Application application,
        User user,
        FactorMethod method,
        string code,
        UserCode? row,
        ClientAddress client
    ) =>
        IsAvailable(application, user, method)
        && method switch
        {
            FactorMethod.Otp => await google.VerifyCode(db, user, code),
            FactorMethod.Sms => row is { IsSent: true, Phone: null } && codes.Matches(row, user, code),
            FactorMethod.Recovery => await recoveryCodes.TryUse(db, application, user, code, client),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };

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
