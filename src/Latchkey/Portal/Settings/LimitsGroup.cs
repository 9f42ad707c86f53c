using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Limits.</summary>
public static class LimitsGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "limits",
            "Limits",
            "What protects your application from abuse and cost.",
            [
                new(
                    "limits",
                    "Limits",
                    "Limits that protect your application from abuse.",
                    [
                        new(
                            "maxLoginAttempts",
                            "Maximum login attempts",
                            "After this many consecutive wrong passwords, a user is locked until you unlock it or the "
                                + "password is reset. 0 means never. Guessing is slowed down in any case.",
                            Warning: "with a number above 0, strangers can lock your users out with wrong passwords.",
                            WarnWhen: WarnWhen.Change
                        ),
                        new("maxUsers", "Maximum users", "More signups are refused. 0 means no limit."),
                        new(
                            "callsPerSecond",
                            "Calls per second",
                            "More calls are refused and can be repeated later, so that a busy app does not slow down the others."
                        ),
                        new(
                            "messagesPerHour",
                            "Messages per hour",
                            "Mails, and the same number of SMS. Limits your cost if somebody floods your app."
                        ),
                        new(
                            "anonymousUsersPerHour",
                            "New unconfirmed users per hour",
                            "Anonymous users, and users of the signup flow none, from one network. Raise it if many people "
                                + "use your app behind one address."
                        ),
                        new(
                            "anonymousRetentionDays",
                            "Remove anonymous users after days",
                            "Removes anonymous users who have not logged in for this many days and have no valid access "
                                + "token. 0 means never."
                        ),
                    ]
                ),
            ]
        );
}
