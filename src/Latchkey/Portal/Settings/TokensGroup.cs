using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Tokens.</summary>
public static class TokensGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "tokens",
            "Tokens",
            "How long users stay signed in, how long tokens are valid, and who issues them.",
            [
                new(
                    "sessions",
                    "Sessions",
                    "How long users stay signed in. A user's page lists the sessions, and says why each one ended.",
                    [
                        new(
                            "sessionMode",
                            "Sessions",
                            "Whether the app renews its tokens.",
                            [
                                new(
                                    "classic",
                                    "Classic",
                                    "One access token for the whole session, as apps with a CosyncJWT SDK expect.",
                                    "whoever copies an access token can use it until it expires."
                                ),
                                new(
                                    "refresh",
                                    "Refresh tokens",
                                    "Tokens are valid for minutes, and a refresh token gives new ones.",
                                    "apps that do not call refresh, such as those with a CosyncJWT SDK, are signed out after "
                                        + "these minutes."
                                ),
                            ]
                        ),
                        new(
                            "userJWTExpiration",
                            "User JWT, hours",
                            "The token that your backend verifies, in classic sessions. Minutes are written with an m, " + "such as 90m.",
                            When: "sessionMode=classic"
                        ),
                        new(
                            "accessTokenExpiration",
                            "Access token, hours",
                            "The token that the app uses for this server, in classic sessions. When it expires, the user "
                                + "logs in again.",
                            When: "sessionMode=classic",
                            Warning: "sessions that exist keep their time.",
                            WarnWhen: WarnWhen.Lower
                        ),
                        new(
                            "tokenMinutes",
                            "Tokens, minutes",
                            "How long a user JWT and an access token are valid with refresh tokens. For so long, a backend "
                                + "may accept the JWT of a user who was suspended or signed out.",
                            When: "sessionMode=refresh"
                        ),
                        new(
                            "sessionDays",
                            "Longest session, days",
                            "With refresh tokens. After this, the user signs in again, whatever happens.",
                            When: "sessionMode=refresh"
                        ),
                        new(
                            "sessionIdleDays",
                            "Unused session, days",
                            "With refresh tokens. A session that is not used for so long ends. 0 means that it does not.",
                            When: "sessionMode=refresh"
                        ),
                        new(
                            "refreshGraceSeconds",
                            "Late refresh, seconds",
                            "How long a replaced refresh token is still answered after the next one was used, for tabs that "
                                + "refresh at once. Later, its use ends the session: somebody has a copy.",
                            When: "sessionMode=refresh"
                        ),
                    ]
                ),
                new(
                    "provider",
                    "OpenID provider",
                    "What all clients have in common. The audience of user JWTs (claim aud) is on the tab MongoDB Realm.",
                    [
                        new(
                            "issuerDomain",
                            "Issuer's domain",
                            "A domain of this application, such as auth.example.com, that the operator gave it. If empty, "
                                + "the issuer is below the public URL.",
                            Warning: "clients know their issuer. When it changes, they must be changed too.",
                            WarnWhen: WarnWhen.Change
                        ),
                        new(
                            "providerTokenMinutes",
                            "Tokens, minutes",
                            "How long ID tokens are valid, and access tokens that are for no resource."
                        ),
                        new(
                            "offlineOutlivesLogout",
                            "Offline access outlives signing out",
                            "Refresh tokens stay valid when the user signs out in the browser. If off, signing out ends them."
                        ),
                    ]
                ),
            ]
        );
}
