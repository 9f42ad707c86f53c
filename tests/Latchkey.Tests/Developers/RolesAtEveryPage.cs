using System.Net;
using System.Reflection;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Latchkey.Portal;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Tests.Developers;

/// <summary>Every page and form of the portal, as everyone who might try it.</summary>
public sealed class RolesAtEveryPage(Servers servers) : IAsyncLifetime
{
    /// <summary>Pages below an application that ask for more or less than a viewer to see and an editor to change.</summary>
    private static readonly Dictionary<string, (Access ToSee, Access ToChange)> Others = new(StringComparer.Ordinal)
    {
        ["mailbox"] = (Access.Editor, Access.Editor),
        ["mailbox/{MailId}"] = (Access.Editor, Access.Editor),
        ["keys/signing/{KeyId}"] = (Access.Viewer, Access.Owner),
        ["keys/tokens"] = (Access.Viewer, Access.Owner),
        ["keys/secrets"] = (Access.Owner, Access.Owner),
        ["members"] = (Access.Viewer, Access.Owner),
        ["members/leave"] = (Access.Viewer, Access.Viewer),
        ["members/{DeveloperId}"] = (Access.Owner, Access.Owner),
        ["locales/{Code}/remove"] = (Access.Editor, Access.Editor),
        ["status/{To}"] = (Access.Editor, Access.Editor),
        ["upgrade"] = (Access.Owner, Access.Owner),
        ["reset"] = (Access.Owner, Access.Owner),
        ["delete"] = (Access.Owner, Access.Owner),
        ["logs/export"] = (Access.Viewer, Access.Viewer),
        ["realm/undo"] = (Access.Editor, Access.Editor),
        ["realm-users"] = (Access.Viewer, Access.Viewer),
        ["users/new"] = (Access.Editor, Access.Editor),
        ["users/invitations/new"] = (Access.Editor, Access.Editor),
        ["users/{UserId}/password"] = (Access.Editor, Access.Editor),
        ["users/{UserId}/delete"] = (Access.Editor, Access.Editor),
    };

    private static readonly IReadOnlyList<(string Route, bool IsOpen)> Pages =
    [
        .. from type in typeof(PortalPage).Assembly.GetTypes()
           from route in type.GetCustomAttributes<RouteAttribute>()
           select (route.Template, type.GetCustomAttribute<AllowAnonymousAttribute>() is not null),
    ];

    private readonly Dictionary<Access, PortalClient> visitors = [];
    private PortalClient stranger = null!;
    private Harness.App app = null!;
    private PortalAccount member = null!;

    public async ValueTask InitializeAsync()
    {
        app = await servers.Main.CreateApp();
        foreach (var (access, role) in new[] { (Access.Viewer, "viewer"), (Access.Editor, "editor"), (Access.Owner, "owner") })
        {
            visitors[access] = await (await (await PortalAccount.Create(servers.Main, role)).Joins(app.Id, role)).SignIn();
        }

        visitors[Access.Operator] = await (await PortalAccount.Create(servers.Main, "operator", isOperator: true)).SignIn();
        member = await (await PortalAccount.Create(servers.Main, "subject")).Joins(app.Id, "owner");
        stranger = await (await (await PortalAccount.Create(servers.Main, "stranger")).Joins((await servers.Main.CreateApp()).Id, "owner")).SignIn();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_are_seen_by_those_who_may_see_them()
    {
        Pages.Count.ShouldBeGreaterThan(25);
        foreach (var (route, _) in Pages.Where(page => !page.IsOpen))
        {
            var (path, needs) = (PathOf(route), NeedsOf(route).ToSee);
            (await new PortalClient(servers.Main).Get(path)).Header("Location").ShouldNotBeNull(path).ShouldStartWith("/portal/sign-in?returnUrl=", Case.Sensitive, path);
            var asOperator = (await visitors[Access.Operator].Get(path)).Status;
            foreach (var (access, visitor) in visitors)
            {
                var seen = await visitor.Get(path);
                if (access < needs)
                {
                    seen.Status.ShouldBe(HttpStatusCode.NotFound, $"{access} {path}");
                    seen.Text.ShouldContain("There is nothing at this address", Case.Sensitive, $"{access} {path}");
                }
                else if (!route.EndsWith("/leave", StringComparison.Ordinal)) // for members, which operators need not be
                {
                    seen.Status.ShouldBe(asOperator, $"{access} {path}");
                }
            }

            if (needs > Access.SignedIn)
            {
                var foreign = await stranger.Get(path);
                foreign.Status.ShouldBe(HttpStatusCode.NotFound, path);
                foreign.Text.ShouldNotContain(app.Id, Case.Sensitive, path);
            }
        }
    }

    [Fact]
    public async Task Forms_are_taken_from_those_who_may_send_them_and_forged_ones_change_nothing()
    {
        var forged = 0;
        foreach (var (route, _) in Pages.Where(page => !page.IsOpen && NeedsOf(page.Route).ToChange > Access.SignedIn))
        {
            var (path, needs) = (PathOf(route), NeedsOf(route));
            var forms = await FormsOn(visitors[needs.ToSee == Access.Operator ? Access.Operator : Access.Owner], path);
            foreach (var form in forms)
            {
                var before = await Snapshot();
                foreach (var (access, visitor) in visitors.Where(one => one.Key < needs.ToChange))
                {
                    var refused = await visitor.Send(path, await WithTokenOf(visitor, form));
                    refused.Status.ShouldBe(access < needs.ToSee ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, $"{access} {path} {form["_handler"]}");
                    forged++;
                }

                (await stranger.Send(path, await WithTokenOf(stranger, form))).Status.ShouldBe(HttpStatusCode.NotFound, path);
                var nobody = new PortalClient(servers.Main);
                (await nobody.Send(path, await nobody.Fields("/portal/sign-in", "sign-in") is var open ? Merged(form, open) : form)).Status.ShouldBe(HttpStatusCode.Found, path);
                (await Snapshot()).ShouldBe(before, $"{path} {form["_handler"]}");
            }
        }

        forged.ShouldBeGreaterThan(20);
    }

    private static (Access ToSee, Access ToChange) NeedsOf(string route)
    {
        const string application = "/portal/applications/{AppId}";
        return route.StartsWith("/portal/operator", StringComparison.Ordinal) ? (Access.Operator, Access.Operator)
            : !route.StartsWith(application, StringComparison.Ordinal) ? (Access.SignedIn, Access.SignedIn)
            : Others.GetValueOrDefault(route[application.Length..].TrimStart('/'), (Access.Viewer, Access.Editor));
    }

    private string PathOf(string route) => string.Join('/', route.Split('/').Select(part => part switch
    {
        "{AppId}" => app.Id,
        "{DeveloperId}" => member.Id,
        "{List}" => "metaData",
        "{Locale}" => "EN",
        "{Code}" => "DE",
        "{To}" => "inactive",
        "{Kind}" => "signUp",
        ['{', ..] => "none",
        _ => part,
    }));

    private static async Task<IReadOnlyList<Dictionary<string, string>>> FormsOn(PortalClient visitor, string path)
    {
        var document = new HtmlParser().ParseDocument((await visitor.Get(path)).Text);
        return
        [
            .. document.QuerySelectorAll("form[method=post]").Cast<IHtmlFormElement>().Where(form => form.QuerySelector("input[name=_handler]") is not null)
                .Select(form => form.QuerySelectorAll("input[name], button[name]").GroupBy(one => one.GetAttribute("name")!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().GetAttribute("value") is { Length: > 0 } value ? value : "forged", StringComparer.Ordinal)),
        ];
    }

    /// <summary>The fields with an antiforgery token that is good for the visitor: only the role stands in the way.</summary>
    private static async Task<Dictionary<string, string>> WithTokenOf(PortalClient visitor, Dictionary<string, string> form) => Merged(form, await visitor.Fields("/portal/account", "name"));

    private static Dictionary<string, string> Merged(Dictionary<string, string> form, Dictionary<string, string> token) =>
        new(form, StringComparer.Ordinal) { ["__RequestVerificationToken"] = token["__RequestVerificationToken"] };

    /// <summary>What a form could have changed.</summary>
    private async Task<string> Snapshot()
    {
        var installation = servers.Main.Installation;
        var counts = new List<string>();
        foreach (var table in new[] { "members", "templates", "users", "invitations", "signups", "audit", "signing_keys", "app_tokens", "app_secrets", "jobs" })
        {
            var andIsNo = table == "audit" ? $" AND action <> '{PortalRefusals.Action}'" : "";
            counts.Add($"{table} {await installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id{andIsNo}", new { app.Id })}");
        }

        counts.Add(await installation.Query<string>("SELECT name || status || type || settings || CAST(revision AS TEXT) FROM applications WHERE id = @Id", new { app.Id }));
        counts.Add(await installation.Query<string>("SELECT role || status || email FROM developers WHERE id = @Id", new { member.Id }));
        counts.Add(await installation.Query<string>("SELECT role FROM members WHERE developer_id = @Id", new { member.Id }));
        counts.Add($"{await installation.Query<long>("SELECT COUNT(*) FROM developer_invitations WHERE app_id = @Id", new { app.Id })}");
        return string.Join('\n', counts);
    }
}
