using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>Values of <see cref="User.LoginProvider"/>.</summary>
public static class SocialProvider
{
    public const string Apple = "apple";
    public const string Google = "google";

    public static IReadOnlyList<string> All { get; } = [Apple, Google];

    /// <summary>The name shown to people.</summary>
    public static string DisplayName(string provider) => provider == Apple ? "Apple" : "Google";

    /// <summary>The audiences that the provider's ID tokens may have; none when the application has it off, or without an id.</summary>
    public static string[] Audiences(ApplicationSettings settings, string provider)
    {
        var ids = provider switch
        {
            Apple when settings.AppleLoginEnabled => settings.AppleBundleId,
            Google when settings.GoogleLoginEnabled => settings.GoogleClientId,
            _ => "",
        };
        return ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
