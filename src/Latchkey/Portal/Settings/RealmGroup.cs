using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page MongoDB Realm.</summary>
public static class RealmGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "realm",
            "MongoDB Realm",
            "The App Services application that accepts this application's tokens.",
            [
                new(
                    "application",
                    "Realm application",
                    "The App Services application that accepts this application's tokens.",
                    [
                        new(
                            "realmAppId",
                            "Realm App Id",
                            "As App Services shows it, such as harbour-abcde. It becomes the claim aud of user JWTs. If "
                                + "another backend checks the audience, enter that backend's name. If empty, aud is none.",
                            Warning: "backends that check the audience refuse tokens with another one.",
                            WarnWhen: WarnWhen.Change
                        ),
                    ]
                ),
            ]
        )
        {
            Path = "realm",
        };
}
