using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Second factors.</summary>
public static class SecondFactorsGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "second-factors",
            "Second factors",
            "A proof in addition to the password, and when it is asked for.",
            [
                new(
                    "two-factor",
                    "Second factors",
                    "Which factors users have, and when logins ask for them.",
                    [
                        new(
                            "twoFactorVerification",
                            "Second factor",
                            "The second factor that your app offers.",
                            [
                                new("none", "None", "The password is enough."),
                                new("google", "Authenticator app", "Google Authenticator or another app for one-time codes."),
                                new("phone", "Phone", "A code by SMS to a verified number. Needs an SMS provider."),
                            ]
                        ),
                        new(
                            "secondFactorPolicy",
                            "When logins ask",
                            "Goes beyond the setting above: several factors for each user, recovery codes and remembered devices.",
                            [
                                new("off", "Off", "Only the second factor above counts, as in the documented contract."),
                                new(
                                    "optional",
                                    "Optional",
                                    "Users who switched a factor on are asked, except on their remembered devices."
                                ),
                                new(
                                    "required",
                                    "Required",
                                    "Everybody is asked at every login. Who has no factor sets one up first.",
                                    "apps that do not know enrollFactor, such as those with a CosyncJWT SDK, cannot log in "
                                        + "users without a factor."
                                ),
                                new(
                                    "newdevices",
                                    "Required for new devices",
                                    "Everybody is asked, but not again on a device that the user had remembered.",
                                    "apps that do not know enrollFactor, such as those with a CosyncJWT SDK, cannot log in "
                                        + "users without a factor."
                                ),
                            ]
                        ),
                        new(
                            "secondFactors",
                            "Factors",
                            "What users can have, unless “When logins ask” is off: authenticator, sms, passkey, separated by "
                                + "commas. With sms, whoever takes over a phone number gets the codes.",
                            When: "secondFactorPolicy=optional,required,newdevices"
                        ),
                        new(
                            "rememberDeviceDays",
                            "Remember devices, days",
                            "For so many days, such as 30, a device that the user had remembered is not asked again. There, "
                                + "the password alone opens the account. 0 means that it is always asked. No effect while “When "
                                + "logins ask” is off or required.",
                            When: "secondFactorPolicy=optional,newdevices"
                        ),
                        new(
                            "googleHeading",
                            "Heading in the authenticator app",
                            "What users see above the code. If empty, the application's name.",
                            When: "twoFactorVerification=google|secondFactorPolicy=optional,required,newdevices"
                        ),
                    ]
                ),
                new(
                    "factor-safety",
                    "What can get past it",
                    "Ways around a second factor, open or closed.",
                    [
                        new(
                            "resetKeepsTwoFactor",
                            "A password reset keeps the second factor",
                            "If off, as in the documented contract, anyone who can read the user's mail can log in without "
                                + "the second factor.",
                            Warning: "whoever reads a user's mail can then log in without the second factor.",
                            WarnWhen: WarnWhen.Off
                        ),
                        new(
                            "socialLoginTwoFactor",
                            "Apple and Google logins ask for the second factor",
                            "socialLogin then answers a login token, as login does. Apps built for other servers may not "
                                + "know this answer."
                        ),
                        new(
                            "stepUpRequired",
                            "Changing the second factor or the phone number needs a recent proof",
                            "A login or stepUp in the last 15 minutes, or the password in the same call. Otherwise the "
                                + "answer is code 710, so that a stolen access token cannot switch the second factor off.",
                            Warning: "a stolen access token can then switch the second factor off.",
                            WarnWhen: WarnWhen.Off
                        ),
                    ]
                ),
            ]
        );
}
