using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Portal.Applications;
using Latchkey.Portal.Settings;

namespace Latchkey.Portal.Navigation;

/// <summary>The pages and actions that the search offers. Whoever brings a page or an action below a tab adds its line here.</summary>
public static class PortalDestinations
{
    /// <summary>Below an application's tabs.</summary>
    private static readonly PortalDestination[] OfApplication =
    [
        new("users/anonymous", "Anonymous users"),
        new("users/invitations", "Invitations"),
        new("users/signups", "Signups", "pending registrations"),
        new("keys/tokens", "App Tokens"),
        new("keys/secrets", "App Secrets", "server api", Role.Owner),
        new("keys/signing", "Signing keys", "rotate jwks"),
        new("clients/resources", "Resources", "api scopes"),
        new("logs/messages", "Mails and SMS", "delivery log sent"),
        new("history", "Status history", NeedsJwt: false),
        new("users/new", "Add a user", "create new", Role.Editor, IsAction: true),
        new("users/invitations/new", "Invite someone", "new invitation user", Role.Editor, IsAction: true),
        new("clients/new", "Add a client", "create new oidc", Role.Editor, IsAction: true),
        new("providers/new", "Add a provider", "create new social", Role.Editor, IsAction: true),
        new("logs/export", "Export the log", "download csv", IsAction: true),
        new("status/inactive", "Make the application inactive", "suspend stop", Role.Editor, IsAction: true, NeedsJwt: false),
        new("reset", "Reset the application", "delete all users", Role.Owner, IsAction: true, NeedsJwt: false),
        new("delete", "Delete the application", "remove", Role.Owner, IsAction: true, NeedsJwt: false),
    ];

    /// <summary>Outside applications.</summary>
    private static readonly PortalDestination[] OfPortal =
    [
        new("", "Applications", "list all", Role.Developer),
        new("/account", "Your account", "profile name sessions", Role.Developer),
        new("/account/passkeys", "Passkeys", "account sign in", Role.Developer),
        new("/account/authenticator", "Authenticator app", "account second factor", Role.Developer),
        new("/account/recovery-codes", "Recovery codes", "account", Role.Developer),
        new("/applications/new", "New application", "create add", Role.Developer, IsAction: true),
        new("/account/password", "Change your password", "account", Role.Developer, IsAction: true),
        new("/account/email", "Change your e-mail address", "account", Role.Developer, IsAction: true),
        new("/operator/joining", "Invite developers", "who may join sign up installation", Role.Operator, IsAction: true),
    ];

    /// <summary>Words for the tabs that people look for by another name.</summary>
    private static readonly Dictionary<string, string> TabWords = new(StringComparer.Ordinal)
    {
        [""] = "dashboard figures charts",
        ["settings"] = "name type status",
        ["keys"] = "app token jwks public key issuer code",
        ["clients"] = "openid oidc oauth",
        ["domains"] = "custom domain host",
        ["branding"] = "look logo colours sign in page",
        ["templates"] = "mails texts sms",
        ["locales"] = "languages translations",
        ["users"] = "people accounts",
        ["storage"] = "files bucket s3",
        ["logs"] = "audit activity errors calls",
        ["mailbox"] = "codes mails",
    };

    /// <summary>What the visitor may see of an application, pages before actions.</summary>
    public static IEnumerable<PortalDestination> Of(ApplicationSettings settings, Role role) =>
        ApplicationTabs
            .VisibleTabs(settings, role)
            .SelectMany(group => group)
            .Select(tab => new PortalDestination(tab.Path, tab.Text, TabWords.GetValueOrDefault(tab.Key, "")))
            .Concat(
                SettingsGroups
                    .Visible(settings)
                    .Select(page => new PortalDestination(page.Path, $"Settings: {page.Title}", page.Description))
            )
            .Concat(OfApplication.Where(one => role >= one.Role && (settings.JwtEnabled || !one.NeedsJwt)));

    /// <summary>What somebody who is signed in may see outside applications.</summary>
    /// <param name="isOperator">With the installation's pages.</param>
    /// <param name="hasBilling">Billing is on.</param>
    public static IEnumerable<PortalDestination> Of(bool isOperator, bool hasBilling)
    {
        IEnumerable<PortalDestination> all = OfPortal.Where(one => isOperator || one.Role < Role.Operator);
        if (hasBilling)
        {
            all = all.Append(new("/billing", "Billing", "invoices costs", Role.Developer));
        }

        return isOperator
            ? all.Concat(
                OperatorFrame
                    .Tabs.Where(tab => hasBilling || tab.Path != "billing")
                    .Select(tab => new PortalDestination(
                        $"/operator/{tab.Path}".TrimEnd('/'),
                        $"Installation: {tab.Text}",
                        "operator",
                        Role.Operator
                    ))
            )
            : all;
    }
}
