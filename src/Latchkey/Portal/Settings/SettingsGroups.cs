using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings pages in the order of their navigation.</summary>
public static class SettingsGroups
{
    /// <summary>The page of the application itself, which has more than settings.</summary>
    public static SettingsGroup General { get; } =
        new("general", "General", "Name, type and status of the application; switching JWT on or off, resetting, deleting.", []);

    /// <summary>Tab Settings.</summary>
    public static IReadOnlyList<SettingsGroup> All { get; } =
    [
        General,
        SignUpGroup.Group,
        SignInGroup.Group,
        ProvidersGroup.Group,
        SecondFactorsGroup.Group,
        PasswordsGroup.Group,
        MetadataGroup.Group,
        TokensGroup.Group,
        LimitsGroup.Group,
        MessagesGroup.Group,
        CompatibilityGroup.Group,
    ];

    /// <summary>The pages that an application has: without JWT only the first.</summary>
    public static IReadOnlyList<SettingsGroup> Visible(ApplicationSettings settings) => settings.JwtEnabled ? All : [General];
}
