using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>The ways in which a user can sign in. One must always be left.</summary>
public static class WaysIn
{
    /// <summary>How many ways the user has besides passkeys.</summary>
    public static int CountWithoutPasskeys(ApplicationSettings settings, User user) =>
        (user.PasswordHash is null ? 0 : 1) + (IsProviderOn(settings, user.LoginProvider) ? 1 : 0);

    /// <summary>How many ways the user has.</summary>
    public static int Count(ApplicationSettings settings, User user) =>
        CountWithoutPasskeys(settings, user) + (settings.PasskeysEnabled ? user.PasskeyCount : 0);

    private static bool IsProviderOn(ApplicationSettings settings, string provider) =>
        provider switch
        {
            SocialProvider.Apple => settings.AppleLoginEnabled,
            SocialProvider.Google => settings.GoogleLoginEnabled,
            _ => false,
        };
}
