using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Users;

namespace Latchkey.HostedPages.Account;

/// <summary>The ways in which a user can prove again who they are (<see cref="StepUpRules.Prove"/>), as addresses name them.</summary>
public static class ProofMethod
{
    public const string Passkey = "passkey";
    public const string Password = "password";
    public const string Recovery = "recovery";
    public const string Sms = "sms";
    public const string Mail = MailStepUp.Method;
    private const string Otp = "otp";

    /// <summary>The user's own that work here, the usual one first. Who has a second factor uses it, or a passkey.</summary>
    public static IReadOnlyList<string> Of(AccountRequest request)
    {
        var (settings, user) = (request.Settings, request.User);
        var factors = FactorMethods.Of(settings, user);
        return factors.Count > 0
            ?
            [
                .. HasPasskey(request) ? [Passkey] : Array.Empty<string>(),
                .. factors.Contains(FactorMethod.Otp) ? [Otp] : Array.Empty<string>(),
                .. factors.Contains(FactorMethod.Sms) ? [Sms] : Array.Empty<string>(),
                .. settings.HasFactorPolicy ? [Recovery] : Array.Empty<string>(),
            ]
            :
            [
                .. user.PasswordHash is not null ? [Password] : Array.Empty<string>(),
                .. HasPasskey(request) ? [Passkey] : Array.Empty<string>(),
                .. user is { EmailVerified: true, Anonymous: false } ? [Mail] : Array.Empty<string>(),
            ];
    }

    private static bool HasPasskey(AccountRequest request) => request is { PasskeysWork: true, User.PasskeyCount: > 0 };
}
