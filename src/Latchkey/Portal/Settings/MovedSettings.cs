using Latchkey.Core.Configuration;

namespace Latchkey.Portal.Settings;

/// <summary>Addresses that the settings had before they were pages of their own. Bookmarks and documents still have them.</summary>
public static class MovedSettings
{
    /// <summary>
    /// The sections of the former tab JWT and the pages that have them now. A browser keeps the part behind # in a redirect, so the page
    /// that the tab redirects to has an element for each.
    /// </summary>
    public static IReadOnlyList<(string Anchor, SettingsGroup Group)> Sections { get; } =
    [
        ("permissions", SignUpGroup.Group),
        ("privacy", SignUpGroup.Group),
        ("without-password", SignInGroup.Group),
        ("passkeys", SignInGroup.Group),
        ("social", ProvidersGroup.Group),
        ("two-factor", SecondFactorsGroup.Group),
        ("password-filter", PasswordsGroup.Group),
        ("metadata", MetadataGroup.Group),
        ("invite-metadata", MetadataGroup.Group),
        ("tokens", TokensGroup.Group),
        ("sessions", TokensGroup.Group),
        ("limits", LimitsGroup.Group),
        ("mail", MessagesGroup.Group),
        ("sms", MessagesGroup.Group),
        ("formats", CompatibilityGroup.Group),
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
