using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Users.Locales;

public static class LocaleCodes
{
    public const string Default = "EN";

    /// <summary>The locale asked for, upper-cased; EN when none was; 602 for one that the application does not offer.</summary>
    public static Result<string> Choose(ApplicationSettings settings, string? asked)
    {
        var locale = asked is null ? Default : asked.Trim().ToUpperInvariant();
        return locale == Default || settings.Locales.Contains(locale, StringComparer.Ordinal) ? locale : ErrorCodes.InvalidData.Because("the application does not offer this locale");
    }
}
