using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Passwords.</summary>
public static class PasswordsGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "passwords",
            "Passwords",
            "What a new password must have.",
            [
                new(
                    "password-filter",
                    "Password filter",
                    "Existing passwords stay as they are.",
                    [
                        new(
                            "passwordFilter",
                            "Password filter",
                            "If on, new passwords must meet the minimums below. If off, they need 8 characters.",
                            Warning: "new passwords then need 8 characters and nothing else.",
                            WarnWhen: WarnWhen.Off
                        ),
                        new(
                            "passwordMinLength",
                            "Length",
                            "Minimum number of characters.",
                            When: "passwordFilter=1",
                            Warning: "users can then choose weaker passwords.",
                            WarnWhen: WarnWhen.Lower
                        ),
                        new(
                            "passwordMinUpper",
                            "Upper-case letters",
                            "Minimum number.",
                            When: "passwordFilter=1",
                            Warning: "users can then choose weaker passwords.",
                            WarnWhen: WarnWhen.Lower
                        ),
                        new(
                            "passwordMinLower",
                            "Lower-case letters",
                            "Minimum number.",
                            When: "passwordFilter=1",
                            Warning: "users can then choose weaker passwords.",
                            WarnWhen: WarnWhen.Lower
                        ),
                        new(
                            "passwordMinDigit",
                            "Digits",
                            "Minimum number.",
                            When: "passwordFilter=1",
                            Warning: "users can then choose weaker passwords.",
                            WarnWhen: WarnWhen.Lower
                        ),
                        new(
                            "passwordMinSpecial",
                            "Special characters",
                            "Minimum number of characters other than letters, digits and spaces.",
                            When: "passwordFilter=1",
                            Warning: "users can then choose weaker passwords.",
                            WarnWhen: WarnWhen.Lower
                        ),
                    ]
                ),
                new(
                    "common-passwords",
                    "Common passwords",
                    "Those that guessers try first.",
                    [
                        new(
                            "blockCommonPasswords",
                            "Refuse common passwords",
                            "Refuses the 10,000 passwords that guessers try first. An app whose SDK sends the MD5 hex gets "
                                + "error 602 for them, and its user must be told to choose another.",
                            Warning: "users can then choose passwords that guessers try first.",
                            WarnWhen: WarnWhen.Off
                        ),
                    ]
                ),
            ]
        );
}
