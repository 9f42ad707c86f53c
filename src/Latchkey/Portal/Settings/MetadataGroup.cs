using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Metadata.</summary>
public static class MetadataGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "metadata",
            "Metadata",
            "What you know about a user besides the address, and what tokens say of it.",
            [
                new(
                    "metadata",
                    "User metadata",
                    "What you want to know about a user besides the address. The values are in the user's tokens.",
                    [new("metaData", "User metadata fields", "Asked for at signup.")]
                ),
                new(
                    "invite-metadata",
                    "Invite metadata",
                    "What an invitation says about the invited person. The values are in the user's tokens, together with "
                        + "the user metadata.",
                    [new("metaDataInvite", "Invite metadata fields", "Set in the invitation.")]
                ),
                new(
                    "claims",
                    "Claims",
                    "What tokens say besides the metadata, and what clients of the OpenID provider get of it.",
                    [
                        new(
                            "metaDataEmail",
                            "Automatically add e-mail",
                            "Adds the claim email with the user's address to the user's tokens."
                        ),
                        new(
                            "claimMappings",
                            "Claims from metadata",
                            "Which user metadata clients get, and with which scope. Separated by commas: "
                                + "given_name=user_data.first. A claim of your own can have a scope behind a colon: "
                                + "plan=user_data.plan:billing.",
                            Warning: "clients get these values with the next token.",
                            WarnWhen: WarnWhen.Change
                        ),
                    ]
                )
                {
                    Alert = settings =>
                        ClaimMappings.FindUnknownPaths(settings) is [var unknown, ..]
                            ? $"no metadata field has the path {unknown}, so its claim is always missing."
                            : null,
                },
            ]
        );
}
