using System.Net;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>The tab Providers.</summary>
public sealed class IdentityProviderPageTests(ServerFixture servers)
{
    private const string Secret = "a-secret-that-nobody-sees";

    private static string Path(App app) => $"/portal/applications/{app.Id}/providers";

    [Fact]
    public async Task The_catalogue_is_searched_and_leads_to_the_form_of_a_provider()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get(Path(app))).Document.Body.ShouldNotBeNull().TextContent.ShouldContain("No provider yet");
        (await editor.Get($"{Path(app)}/new")).Document.QuerySelectorAll("#catalogue li").Length.ShouldBeGreaterThan(25);
        var found = await editor.Get($"{Path(app)}/new?search=git");
        found.Document.QuerySelectorAll("#catalogue li strong").Select(one => one.TextContent).ShouldBe(["GitHub", "GitLab"]);
        (await editor.Get($"{Path(app)}/new?search=nobody")).Text("#catalogue").ShouldContain("Nothing found");
        (await editor.Get($"{Path(app)}/new/nobody")).Status.ShouldBe(HttpStatusCode.NotFound);
        var page = await editor.Get($"{Path(app)}/new/microsoft");
        page.Text("#copy-callback").ShouldEndWith($"/apps/{app.Id}/login/via/microsoft/callback");
        page.Document.QuerySelectorAll("form[method=post] input:not([type=hidden])")
            .Select(input => input.GetAttribute("name"))
            .ShouldBe(["clientId", "clientSecret", "tenant"]);
    }

    [Fact]
    public async Task A_provider_is_added_and_its_secret_is_never_shown()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var added = await editor.Submit($"{Path(app)}/new/github", "create", ("clientId", "Iv1.abc"), ("clientSecret", Secret));
        added.Location.ShouldBe($"{Path(app)}/github?saved=new");
        var page = await editor.Get(added.Location);
        page.Text("#copy-callback").ShouldEndWith($"/apps/{app.Id}/login/via/github/callback");
        page.Document.QuerySelector("#field-clientId")!.GetAttribute("value").ShouldBe("Iv1.abc");
        page.Document.DocumentElement.OuterHtml.ShouldNotContain(Secret);
        (await editor.Get(Path(app))).Text("table.list tbody").ShouldContain("verified when the provider says so");
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_and_nothing_is_stored()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var refused = await editor.Submit(
            $"{Path(app)}/new/oidc",
            "create",
            ("issuer", "http://login.example.com"),
            ("clientId", ""),
            ("clientSecret", Secret),
            ("name", "My Company"),
            ("alias", "My Company")
        );
        refused.Text("#field-issuer-error").ShouldContain("must begin with https");
        refused.Text("#field-clientId-error").ShouldContain("is missing");
        refused.Text("#field-alias-error").ShouldContain("small letters");
        refused.Document.QuerySelector("#field-issuer")!.GetAttribute("value").ShouldBe("http://login.example.com");
        refused.Document.DocumentElement.OuterHtml.ShouldNotContain(Secret);
        (await app.Installation.Run("provider", "list", app.Id, "--json")).ShouldSucceed().Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Settings_are_saved_group_by_group()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"user_data.first","fieldName":"first"}]""");
        using var editor = await PortalVisitor.Member(app, "editor");
        await editor.Submit(
            $"{Path(app)}/new/oidc",
            "create",
            ("issuer", "https://login.example.com"),
            ("clientId", "latchkey"),
            ("clientSecret", Secret),
            ("name", "My Company"),
            ("alias", "my-company")
        );
        var path = $"{Path(app)}/my-company";
        await Save("sign-in", ("name", "Company"), ("enabled", "0"), ("signupAllowed", "0"), ("position", "3"), ("scopes", "openid"));
        await Save("addresses", ("emailTrust", "always"));
        await Save("claims", ("claims", "given_name=user_data.first\nfamily_name=user_data.first:overwrite"));
        await Save("fields", ("issuer", "https://login.example.com"), ("clientId", "other"), ("clientSecret", ""));
        (string Name, string Value)[] moved = [("issuer", "https://login.example.com/realm"), ("clientId", "other")];
        (await editor.Submit(path, "fields", [.. moved, ("clientSecret", "")])).Location.ShouldBeEmpty(); // the old secret would go there
        await Save("fields", [.. moved, ("clientSecret", "another-secret")]);
        var json = (await app.Installation.Run("provider", "show", app.Id, "my-company", "--json")).ShouldSucceed().Json;
        json.GetProperty("name").GetString().ShouldBe("Company");
        json.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        json.GetProperty("signupAllowed").GetBoolean().ShouldBeFalse();
        json.GetProperty("emailTrust").GetString().ShouldBe("always");
        json.GetProperty("issuer").GetString().ShouldBe("https://login.example.com/realm");
        json.GetProperty("hasSecret").GetBoolean().ShouldBeTrue();
        json.GetProperty("claims").GetArrayLength().ShouldBe(2);

        var wrong = await editor.Submit(path, "claims", ("claims", "given_name=user_data.nothing"));
        wrong.Text("#field-claims-error").ShouldContain("no metadata field");
        (await editor.Submit(path, "sign-in", ("name", ""), ("position", "x"))).Text("#field-position-error").ShouldContain("whole number");

        async Task Save(string form, params (string Name, string Value)[] fields) =>
            (await editor.Submit(path, form, fields)).Location.ShouldBe($"{path}?saved={form}#{form}");
    }

    [Fact]
    public async Task The_test_says_what_is_wrong_and_a_deleted_provider_is_gone()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        await editor.Submit(
            $"{Path(app)}/new/oidc",
            "create",
            ("issuer", "https://127.0.0.1:1"),
            ("clientId", "latchkey"),
            ("clientSecret", Secret),
            ("name", "Nobody there"),
            ("alias", "nobody")
        );
        var tested = await editor.Submit($"{Path(app)}/nobody", "test");
        tested.Text("#test").ShouldContain("could not be read");
        tested.Text("#test .notice").ShouldContain("Something is wrong");
        (await editor.Submit($"{Path(app)}/nobody/delete", "delete")).Location.ShouldBe($"{Path(app)}?deleted=1");
        (await editor.Get($"{Path(app)}/nobody")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await editor.Get($"{Path(app)}/nobody/delete")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_viewer_sees_all_and_changes_nothing()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Installation.RunWithInput(Secret, "provider", "create", app.Id, "github", "clientId=Iv1.abc", "--secret-stdin")
        ).ShouldSucceed();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        (await viewer.Get(Path(app))).Document.QuerySelector($"a[href='{Path(app)}/new']").ShouldBeNull();
        var page = await viewer.Get($"{Path(app)}/github");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Document.QuerySelectorAll("main form[method=post]").ShouldBeEmpty();
        page.Document.QuerySelector("a[href$='/delete']").ShouldBeNull();
    }
}
