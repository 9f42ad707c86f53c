using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Users.Locales;

public static class LocaleCodes
{
    public const string Default = "EN";

    /// <summary>The requested locale as a language tag; EN when none is given; 602 when the application does not offer it.</summary>
    public static Result<string> Resolve(ApplicationSettings settings, string? requested)
    {
        var locale = requested is null ? Default : LanguageTag.Canonicalize(requested);
        return locale is not null && (locale == Default || settings.Locales.Contains(locale, StringComparer.Ordinal))
            ? locale
            : ErrorCodes.InvalidData.WithCause("the application does not offer this locale");
    }
}
