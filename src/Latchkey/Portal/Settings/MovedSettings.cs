using Latchkey.Core.Configuration;

namespace Latchkey.Portal.Settings;

/// <summary>Addresses that the settings had before they were pages of their own. Bookmarks and documents still have them.</summary>
public static class MovedSettings
{
    /// <summary>
    /// The sections of the former tab JWT and the pages that have them now. A browser keeps the part behind # in a redirect, so the page
    /// that the tab redirects to has an element for each.
    /// </summary>
    public static IReadOnlyList<(string Anchor, string Title, SettingsGroup Group)> Sections { get; } =
    [
        ("permissions", "Permissions", SignUpGroup.Group),
        ("privacy", "Privacy", SignUpGroup.Group),
        ("without-password", "Without a password", SignInGroup.Group),
        ("passkeys", "Passkeys", SignInGroup.Group),
        ("social", "Apple and Google", ProvidersGroup.Group),
        ("two-factor", "Two-factor verification", SecondFactorsGroup.Group),
        ("password-filter", "Password filter", PasswordsGroup.Group),
        ("metadata", "User metadata", MetadataGroup.Group),
        ("invite-metadata", "Invite metadata", MetadataGroup.Group),
        ("tokens", "Tokens", TokensGroup.Group),
        ("sessions", "Sessions", TokensGroup.Group),
        ("limits", "Limits", LimitsGroup.Group),
        ("mail", "Email extension", MessagesGroup.Group),
        ("sms", "SMS by Twilio", MessagesGroup.Group),
        ("formats", "Formats", CompatibilityGroup.Group),
    ];

    public static void MapMovedSettings(this IEndpointRouteBuilder routes)
    {
        var application = routes
            .MapGroup($"{PortalServices.Path}/applications/{{appId}}")
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();
        application.MapGet("settings", (string appId, PathBase root) => Moved(root, appId, SettingsGroups.General.Path));
        application.MapGet("settings/providers", (string appId, PathBase root) => Moved(root, appId, ProvidersGroup.Group.Path));
        application.MapGet("jwt", (string appId, PathBase root) => Moved(root, appId, "settings/all"));
        application.MapGet(
            "jwt/fields/{list}",
            (string appId, string list, PathBase root, HttpContext context) =>
                Moved(root, appId, $"settings/metadata/fields/{Uri.EscapeDataString(list)}{context.Request.QueryString}")
        );
    }

    private static IResult Moved(PathBase root, string appId, string path) =>
        TypedResults.Redirect($"{root}{PortalServices.Path}/applications/{Uri.EscapeDataString(appId)}/{path}", permanent: true);
}
