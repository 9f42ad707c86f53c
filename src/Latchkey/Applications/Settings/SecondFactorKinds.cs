using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The names in the setting <c>secondFactors</c>.</summary>
public static class SecondFactorKinds
{
    /// <summary>Codes of an authenticator app (RFC 6238).</summary>
    public const string Authenticator = "authenticator";

    /// <summary>Codes by SMS to a verified number.</summary>
    public const string Sms = "sms";

    /// <summary>A passkey, after the password.</summary>
    public const string Passkey = "passkey";

    public static IReadOnlyList<string> All { get; } = [Authenticator, Sms, Passkey];

    public static string Format(ApplicationSettings settings) => string.Join(',', settings.SecondFactors);

    /// <summary>Parses names that are separated by commas or blanks. None is allowed.</summary>
    public static Result<ApplicationSettings> Set(ApplicationSettings settings, string text)
    {
        var names = text.ToLowerInvariant().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Except(All, StringComparer.Ordinal).Any()
            ? Setting.Invalid($"secondFactors must be some of {string.Join(", ", All)}, separated by commas.")
            : settings with
            {
                SecondFactors = [.. All.Where(known => names.Contains(known, StringComparer.Ordinal))],
            };
    }

    /// <summary>Validates the settings of second factors together; the first violation as a sentence.</summary>
    public static Error? Validate(ApplicationSettings settings) =>
        settings.SecondFactorPolicy switch
        {
            SecondFactorPolicy.Off => null,
            _ when settings is { AllowsAuthenticator: false, AllowsSms: false, AllowsPasskeyFactor: false } => Setting.Invalid(
                "secondFactorPolicy needs a factor that users can have. Add authenticator or sms to secondFactors, or passkey with "
                    + "passkeysEnabled on."
            ),
            SecondFactorPolicy.NewDevices when settings.RememberDeviceDays == 0 => Setting.Invalid(
                "The policy newdevices needs devices that are remembered. Set rememberDeviceDays, for example to 30."
            ),
            _ => null,
        };
}
