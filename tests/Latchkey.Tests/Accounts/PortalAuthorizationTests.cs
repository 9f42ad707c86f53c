using System.Net;
using System.Reflection;
using Latchkey.Applications;
using Latchkey.Portal;
using Latchkey.Tests.Tenancy;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Tests.Accounts;

/// <summary>
/// Every page, download and form of the portal, as everyone who might try it, about an application that has one of everything: security.md
/// row 39.
/// </summary>
public sealed class PortalAuthorizationTests(ServerFixture servers) : IAsyncLifetime
{
    /// <summary>Pages below an application that ask for more or less than a viewer to see and an editor to change.</summary>
    private static readonly Dictionary<string, (Role ToView, Role ToEdit)> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mailbox"] = (Role.Editor, Role.Editor),
        ["mailbox/{MailId}"] = (Role.Editor, Role.Editor),
        ["mailbox/{MailId}/html"] = (Role.Editor, Role.Editor),
        ["keys/signing/{KeyId}"] = (Role.Viewer, Role.Owner),
        ["keys/tokens"] = (Role.Viewer, Role.Owner),
        ["keys/tokens/{TokenId}/end"] = (Role.Owner, Role.Owner),
        ["keys/secrets"] = (Role.Owner, Role.Owner),
        ["keys/secrets/{Fingerprint}/end"] = (Role.Owner, Role.Owner),
        ["clients/new"] = (Role.Editor, Role.Editor),
        ["clients/resources/change"] = (Role.Editor, Role.Editor),
        ["clients/{ClientId}/delete"] = (Role.Editor, Role.Editor),
        ["clients/{ClientId}/secrets/{SecretId}/end"] = (Role.Editor, Role.Editor),
        ["providers/new"] = (Role.Editor, Role.Editor),
        ["providers/new/{Key}"] = (Role.Editor, Role.Editor),
        ["providers/{Alias}/delete"] = (Role.Editor, Role.Editor),
        ["created"] = (Role.Editor, Role.Editor),
        ["jwt-switch/{State}"] = (Role.Editor, Role.Editor),
        ["members"] = (Role.Viewer, Role.Owner),
        ["members/leave"] = (Role.Viewer, Role.Viewer),
        ["members/{DeveloperId}"] = (Role.Owner, Role.Owner),
        ["locales/{Code}/remove"] = (Role.Editor, Role.Editor),
        ["status/{To}"] = (Role.Editor, Role.Editor),
        ["upgrade"] = (Role.Owner, Role.Owner),
        ["reset"] = (Role.Owner, Role.Owner),
        ["delete"] = (Role.Owner, Role.Owner),
        ["logs/export"] = (Role.Viewer, Role.Viewer),
        ["realm/undo"] = (Role.Editor, Role.Editor),
        ["realm-users"] = (Role.Viewer, Role.Viewer),
        ["users/new"] = (Role.Editor, Role.Editor),
        ["users/bulk"] = (Role.Editor, Role.Editor),
        ["users/export"] = (Role.Editor, Role.Editor),
        ["users/searches"] = (Role.Viewer, Role.Viewer),
        ["users/invitations/new"] = (Role.Editor, Role.Editor),
        ["users/{UserId}/password"] = (Role.Editor, Role.Editor),
        ["users/{UserId}/delete"] = (Role.Editor, Role.Editor),
    };

    /// <summary>What those who may see a page are answered where it is not the page.</summary>
    private static readonly string[] Otherwise =
    [
        "Operator /portal/applications/{AppId}/members/leave: 404", // for members, which operators need not be
        "Viewer /portal/jobs/{JobId}: 404", // for who started it, and operators
        "Editor /portal/jobs/{JobId}: 404",
        "Viewer /portal/confirm: 303", // who has just signed in need not
        "Editor /portal/confirm: 303",
        "Owner /portal/confirm: 303",
        "Operator /portal/confirm: 303",
        "Viewer /portal/account/passkeys/{PasskeyId}: 404", // for its own account
        "Editor /portal/account/passkeys/{PasskeyId}: 404",
        "Owner /portal/account/passkeys/{PasskeyId}: 404",
        "Operator /portal/account/passkeys/{PasskeyId}: 404",
        "Editor /portal/applications/{AppId}/clients/resources/change: 404", // the resource is in the query
        "Owner /portal/applications/{AppId}/clients/resources/change: 404",
        "Operator /portal/applications/{AppId}/clients/resources/change: 404",
        "Viewer /portal/applications/{appId}/users/{userId}/files/{assetId}: 302", // to the file in the bucket
        "Editor /portal/applications/{appId}/users/{userId}/files/{assetId}: 302",
        "Owner /portal/applications/{appId}/users/{userId}/files/{assetId}: 302",
        "Operator /portal/applications/{appId}/users/{userId}/files/{assetId}: 302",
        "Editor /portal/applications/{appId}/users/export: 302", // nobody is selected
        "Owner /portal/applications/{appId}/users/export: 302",
        "Operator /portal/applications/{appId}/users/export: 302",
        "Viewer /portal/applications/{appId}/branding/preview/logo.png: 404", // the draft has no logo
        "Editor /portal/applications/{appId}/branding/preview/logo.png: 404",
        "Owner /portal/applications/{appId}/branding/preview/logo.png: 404",
        "Operator /portal/applications/{appId}/branding/preview/logo.png: 404",
        "Viewer /portal/applications/{appId}/branding/preview/style.css: 404", // the colours are in the query
        "Editor /portal/applications/{appId}/branding/preview/style.css: 404",
        "Owner /portal/applications/{appId}/branding/preview/style.css: 404",
        "Operator /portal/applications/{appId}/branding/preview/style.css: 404",
    ];

    /// <summary>Addresses that settings had before, for everybody who may see the pages that have them now.</summary>
    private static readonly HashSet<string> Moved = ["settings", "settings/providers", "jwt", "jwt/fields/{list}"];

    /// <summary>Pages of those who are not signed in.</summary>
    private static readonly HashSet<string> Open =
    [
        .. from type in typeof(PortalPage).Assembly.GetTypes()
        where type.GetCustomAttribute<AllowAnonymousAttribute>() is not null
        from route in type.GetCustomAttributes<RouteAttribute>()
        select route.Template,
    ];

    private static IEnumerable<MappedRoute> Pages =>
        MappedRoutes.All.Where(route => route.Method == "GET" && route.IsPortal && !Open.Contains(route.Pattern));

    private readonly Dictionary<Role, PortalClient> visitors = [];
    private readonly Dictionary<PortalClient, string> tokens = [];
    private ServerProcess server = null!;
    private PortalClient stranger = null!;
    private PortalClient nobody = null!;
    private Tenant tenant = null!;

    public async ValueTask InitializeAsync()
    {
        server = await servers.Unlimited();
        tenant = await Tenant.Create(server);
        foreach (var (role, name) in new[] { (Role.Viewer, "viewer"), (Role.Editor, "editor") })
        {
            visitors[role] = await (await (await PortalAccount.Create(server, name)).AddAsMember(tenant.App.Id, name)).SignIn();
        }

        visitors[Role.Owner] = tenant.Owner;
        visitors[Role.Operator] = await (await PortalAccount.Create(server, "operator", isOperator: true)).SignIn();
        stranger = await (
            await (await PortalAccount.Create(server, "stranger")).AddAsMember((await server.CreateApp()).Id, "owner")
        ).SignIn();
        nobody = new PortalClient(server);
        foreach (var visitor in visitors.Values.Append(stranger))
        {
            tokens[visitor] = (await visitor.Fields("/portal/account", "name"))[PortalForms.Token];
        }

        tokens[nobody] = (await nobody.Fields("/portal/sign-in", "sign-in"))[PortalForms.Token];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_are_seen_by_those_who_may_see_them()
    {
        var (before, opened, others) = (await Snapshot(), 0, new List<string>());
        foreach (var route in Pages)
        {
            var (path, needs) = (PathOf(route), NeedsOf(route.Pattern).ToView);
            (await nobody.Get(path))
                .Header("Location")
                .ShouldNotBeNull(path)
                .ShouldStartWith("/portal/sign-in?returnUrl=", Case.Sensitive, path);
            foreach (var (role, visitor) in visitors)
            {
                var seen = await visitor.Get(path);
                if (role < needs || IsOff(route.Pattern))
                {
                    IsNothing(seen, $"{role} {path}");
                }
                else
                {
                    opened++;
                    if (seen.Status == HttpStatusCode.MovedPermanently)
                    {
                        Moved.ShouldContain(route.Pattern.Split("/applications/{appId}/")[^1]);
                    }
                    else if (seen.Status != HttpStatusCode.OK)
                    {
                        others.Add($"{role} {route.Pattern}: {(int)seen.Status}");
                    }
                }
            }

            if (needs > Role.Developer)
            {
                IsNothing(await stranger.Get(path), path);
            }
        }

        opened.ShouldBeGreaterThan(180);
        others.ShouldBe(Otherwise, ignoreOrder: true);
        (await Snapshot()).ShouldBe(before);

        void IsNothing(Reply seen, string what)
        {
            seen.Status.ShouldBe(HttpStatusCode.NotFound, what);
            seen.Text.ShouldContain("There is nothing at this address", Case.Sensitive, what);
            tenant.SecretValues.ShouldAllBe(canary => !seen.Text.Contains(canary), what);
        }
    }

    [Fact]
    public async Task Forms_are_taken_from_those_who_may_send_them_and_forged_ones_change_nothing()
    {
        var (before, forms, forged) = (await Snapshot(), 0, 0);
        foreach (var route in Pages.Where(route => NeedsOf(route.Pattern).ToEdit > Role.Developer))
        {
            var (path, needs) = (PathOf(route), NeedsOf(route.Pattern));
            foreach (var form in await PortalForms.ReadForms(visitors[needs.ToView == Role.Operator ? Role.Operator : Role.Owner], path))
            {
                foreach (var (role, visitor) in visitors.Where(one => one.Key < needs.ToEdit))
                {
                    (await Forge(visitor)).ShouldBe(
                        role < needs.ToView ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden,
                        $"{role} {path} {form["_handler"]}"
                    );
                }

                (await Forge(stranger)).ShouldBe(HttpStatusCode.NotFound, path);
                (await Forge(nobody)).ShouldBe(HttpStatusCode.Found, path);
                forms++;

                // The antiforgery token is good for the visitor: only the role stands in the way.
                async Task<HttpStatusCode> Forge(PortalClient visitor)
                {
                    forged++;
                    return (
                        await visitor.Send(
                            path,
                            form.ToDictionary(
                                field => field.Key,
                                field => field.Value.Length > 0 ? field.Value : "forged",
                                StringComparer.Ordinal
                            ),
                            (PortalForms.Token, tokens[visitor])
                        )
                    ).Status;
                }
            }
        }

        forms.ShouldBeGreaterThan(60);
        (await Snapshot()).ShouldBe(before);
        TestScale.RecordFigure(
            39,
            $"{forms} forms forged {forged} times by those who may not send them, with a good token of their own: 0 taken, 0 rows changed"
        );
    }

    /// <summary>Billing is off, so that nobody finds its pages. Billing/BillingPageTests has it on.</summary>
    private static bool IsOff(string route) =>
        route.StartsWith("/portal/billing", StringComparison.Ordinal)
        || route.StartsWith("/portal/operator/billing", StringComparison.Ordinal);

    private static (Role ToView, Role ToEdit) NeedsOf(string route)
    {
        const string application = "/portal/applications/{AppId}";
        return route.StartsWith("/portal/operator", StringComparison.Ordinal) ? (Role.Operator, Role.Operator)
            : !route.StartsWith(application, StringComparison.OrdinalIgnoreCase) ? (Role.Developer, Role.Developer)
            : Others.GetValueOrDefault(route[application.Length..].TrimStart('/'), (Role.Viewer, Role.Editor));
    }

    private string PathOf(MappedRoute route) => PortalForms.Path(route, tenant.Ids);

    /// <summary>Every row of the application, but for the lines that say who tried a form in vain.</summary>
    private async Task<string> Snapshot() =>
        DatabaseSnapshot.WithoutRefusedForms(await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id));
}
