using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>The providers whose ID tokens apps get themselves. Others have the alias that the application gave them.</summary>
public static class SocialProvider
{
    public const string Apple = "apple";
    public const string Google = "google";

    public static IReadOnlyList<string> All { get; } = [Apple, Google];

    /// <summary>The name shown to people; of one that the application no longer has, its alias.</summary>
    /// <param name="others">The application's other providers.</param>
    public static string DisplayName(string provider, IReadOnlyList<IdentityProvider> others) =>
        provider switch
        {
            Apple => "Apple",
            Google => "Google",
            _ => others.FirstOrDefault(one => one.Alias == provider)?.Name ?? provider,
        };

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
