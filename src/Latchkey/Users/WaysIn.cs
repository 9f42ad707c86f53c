using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Users.Identities;

namespace Latchkey.Users;

/// <summary>The ways in which a user can sign in. One must always be left.</summary>
public static class WaysIn
{
    /// <summary>How many ways the user has.</summary>
    /// <param name="identities">All identities of the user.</param>
    public static int Count(Application application, User user, IReadOnlyList<UserIdentity> identities) =>
        Count(application.Settings, user, identities, provider => IsOn(application, provider));

    private static int Count(ApplicationSettings settings, User user, IReadOnlyList<UserIdentity> identities, Func<string, bool> isOn) =>
        (user.PasswordHash is null ? 0 : 1)
        + (settings.PasskeysEnabled ? user.PasskeyCount : 0)
        + (settings.EmailCodeLogin && !user.Anonymous ? 1 : 0)
        + (settings.SmsCodeLogin && user.Phone is not null && !IsOnlyFactor(settings, user) ? 1 : 0)
        + identities.Count(identity => Includes(settings, user, identity.Provider) && isOn(identity.Provider))
        + (IsUnknownYet(user, identities) && isOn(user.LoginProvider) ? 1 : 0);

    /// <summary>
    /// Whether the user may sign in with an identity of the provider: the provider that it signed up with, and all others where the
    /// application links.
    /// </summary>
    public static bool Includes(ApplicationSettings settings, User user, string provider) =>
        settings.LinkingEnabled || user.LoginProvider == provider;

    /// <summary>Whether the phone is the user's only second factor: then it cannot be the first factor too.</summary>
    private static bool IsOnlyFactor(ApplicationSettings settings, User user) =>
        settings.HasFactorPolicy && user.TwoFactorPhone && !(user with { TwoFactorPhone = false }).HasSecondFactor(settings);

    /// <summary>
    /// Whether the user was imported without the identity that it signs in with: the address tells at the first sign-in.
    /// </summary>
    private static bool IsUnknownYet(User user, IReadOnlyList<UserIdentity> identities) =>
        user.HasIdToken && identities.All(identity => identity.Provider != user.LoginProvider);

    /// <summary>Apps may sign in with it, or pages.</summary>
    private static bool IsOn(Application application, string provider) =>
        SocialProvider.Audiences(application.Settings, provider).Length > 0
        || application.IdentityProviders.Any(one => one.Enabled && one.Alias == provider);
}
