using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Users;
using Latchkey.Users.Administration;

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

    /// <summary>The application's other providers by which the user can do so: own ones, of a user without a second factor.</summary>
    public static async Task<IReadOnlyList<IdentityProvider>> FindProviders(AccountRequest request, UserIdentities identities)
    {
        var (settings, user) = (request.Settings, request.User);
        if (FactorMethods.Of(settings, user).Count > 0 || request.Application.IdentityProviders.Count == 0)
        {
            return [];
        }

        var own = await identities.List(user);
        return
        [
            .. request.Application.IdentityProviders.Where(one =>
                one.Enabled && own.Any(identity => identity.Provider == one.Alias) && WaysIn.Includes(settings, user, one.Alias)
            ),
        ];
    }

    private static bool HasPasskey(AccountRequest request) => request is { PasskeysWork: true, User.PasskeyCount: > 0 };
}
