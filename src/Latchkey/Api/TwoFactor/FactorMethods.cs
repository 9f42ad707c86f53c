using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Which second factors an application allows and a user has.</summary>
public static class FactorMethods
{
    private static readonly FactorMethod[] Kinds = [FactorMethod.Otp, FactorMethod.Sms, FactorMethod.Passkey];

    /// <summary>The factors that users of the application can have.</summary>
    public static IReadOnlyList<FactorMethod> Allowed(ApplicationSettings settings) =>
        [
            .. settings.AllowsAuthenticator ? [FactorMethod.Otp] : Array.Empty<FactorMethod>(),
            .. settings.AllowsSms ? [FactorMethod.Sms] : Array.Empty<FactorMethod>(),
            .. settings.AllowsPasskeyFactor ? [FactorMethod.Passkey] : Array.Empty<FactorMethod>(),
        ];

    /// <summary>
    /// The factors that are asked of the user; recovery codes are none. Under a policy, these are all that the user switched on: otherwise
    /// whoever knows the password could set up a new one once the application no longer allows the user's. Without a policy, only those
    /// that the application allows.
    /// </summary>
    public static IReadOnlyList<FactorMethod> Of(ApplicationSettings settings, User user) =>
        [.. (settings.HasFactorPolicy ? Kinds : Allowed(settings)).Where(method => IsOn(settings, user, method))];

    /// <summary>Parses the parameter <c>method</c>: null if it is absent, 602 for an unknown name.</summary>
    public static Result<FactorMethod?> Parse(string? name) =>
        name is null ? (FactorMethod?)null
        : EnumNames.TryParse<FactorMethod>(name, out var method) ? method
        : ErrorCodes.InvalidData.WithCause("no such method");

    /// <summary>As <see cref="ParseCode"/>; empty for a passkey, which has no code.</summary>
    public static Result<string> ParseAnswer(FactorMethod? method, string code) =>
        method == FactorMethod.Passkey ? "" : ParseCode(method, code);

    /// <summary>The code without blanks and the like; 602 if no code of the method looks so.</summary>
    public static Result<string> ParseCode(FactorMethod? method, string code) =>
        (method == FactorMethod.Recovery ? RecoveryCode.Parse(code) is not null : TypedCode.IsSixDigits(code))
            ? code
            : ErrorCodes.InvalidData.WithCause("not a code");

    /// <summary>The value of the claim <c>amr</c> for a code. A passkey's depends on its proof.</summary>
    public static string ToAuthenticationMethod(this FactorMethod method) =>
        method switch
        {
            FactorMethod.Otp => AuthenticationMethods.OneTimeCode,
            FactorMethod.Sms => AuthenticationMethods.Sms,
            FactorMethod.Recovery => AuthenticationMethods.RecoveryCode,
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };

    /// <summary>Whether the login began with the same method: then it is no second factor.</summary>
    /// <param name="first">How the user has signed in so far: names of <see cref="AuthenticationMethods"/>.</param>
    public static bool IsUsedUp(this FactorMethod method, string first) =>
        method != FactorMethod.Passkey
        && AuthenticationMethods.Read(first).Contains(method.ToAuthenticationMethod(), StringComparer.Ordinal);

    private static bool IsOn(ApplicationSettings settings, User user, FactorMethod method) =>
        method switch
        {
            FactorMethod.Otp => user is { TwoFactorGoogle: true, TotpSeedSealed: not null },
            FactorMethod.Sms => user is { TwoFactorPhone: true, Phone: not null },
            FactorMethod.Passkey => settings.CountsPasskeysAsFactor && user.PasskeyCount > 0,
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };
}
