using System.Net;
using Latchkey.Portal.Settings;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>A viewer sees every setting and has nothing to change it with.</summary>
public sealed class ViewerRoleTests(ServerFixture servers)
{
    private static readonly IReadOnlyList<string> Pages =
    [
        .. SettingsGroups.All.Append(RealmGroup.Group).Select(group => $"/{group.Path}"),
        "/keys",
        "/settings/metadata/fields/metaData?path=a",
    ];

    [Fact]
    public async Task See_the_same_controls_locked_and_no_form_that_could_be_sent()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"a"},{"path":"b"}]""", "smtpHost=post.example.com", "signupFlow=link");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var editor = await PortalVisitor.Member(app, "editor");
        foreach (var path in Pages)
        {
            var (seen, whole) = (
                await viewer.Get($"/portal/applications/{app.Id}{path}"),
                await editor.Get($"/portal/applications/{app.Id}{path}")
            );
            seen.Status.ShouldBe(HttpStatusCode.OK, path);
            seen.Document.QuerySelectorAll("main form:not([role=search])").ShouldBeEmpty(path);
            seen.Document.QuerySelectorAll("main input, main select, main button:not(.copy)")
                .Where(control => control.Closest("[role=search]") is null)
                .ShouldAllBe(control => control.Closest("fieldset[disabled]") != null, path);
            Names(seen).ShouldBeSubsetOf(Names(whole), path);
            seen.Text(".head").ShouldContain("You are a viewer of this application");
            whole.Text(".head").ShouldNotContain("viewer");
        }

        var messages = await viewer.Get($"/portal/applications/{app.Id}/settings/messages");
        messages.Document.QuerySelector("#field-smtpHost")!.GetAttribute("value").ShouldBe("post.example.com");
        messages.Document.QuerySelectorAll(".try").ShouldBeEmpty();
        var signUp = await viewer.Get($"/portal/applications/{app.Id}/settings/sign-up");
        signUp.Document.QuerySelector("#signupFlow-link")!.HasAttribute("checked").ShouldBeTrue();
        (await viewer.Get($"/portal/applications/{app.Id}/settings/metadata")).Document.QuerySelectorAll("#set-metaData a").ShouldBeEmpty();
    }

    [Fact]
    public async Task Cannot_send_a_form_that_an_editor_has_opened()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"a"},{"path":"b"}]""");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var editor = await PortalVisitor.Member(app, "editor");
        var own = await viewer.Get($"/portal/applications/{app.Id}/settings/tokens");
        var token = own.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var settings = $"/portal/applications/{app.Id}/settings";
        foreach (
            var (path, form, field) in new[]
            {
                ($"{settings}/tokens", "settings", ("userJWTExpiration", "1")),
                ($"{settings}/metadata", "move-metaData", ("down", "a")),
                ($"{settings}/messages", "test-email", ("testAddress", "x@example.com")),
                ($"{settings}/metadata/fields/metaData?path=a", "delete", ("x", "")),
            }
        )
        {
            (await viewer.Send(path, await editor.Open(path, form), field, ("__RequestVerificationToken", token))).Status.ShouldBe(
                HttpStatusCode.Forbidden,
                form
            );
        }

        var stored = (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed().Json;
        stored.GetProperty("userJWTExpiration").GetInt32().ShouldBe(24);
        stored.GetProperty("metaData")[0].GetProperty("path").GetString().ShouldBe("a");
        (await app.Mails("x@example.com")).ShouldBeEmpty();
    }

    private static IEnumerable<string?> Names(PortalResponse answer) =>
        answer
            .Document.QuerySelectorAll("main fieldset input[name], main form input[name]")
            .Select(input => input.GetAttribute("name"))
            .Distinct();
}
