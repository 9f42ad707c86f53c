using System.Net;
using System.Text;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>The portal's pages about keys, without a browser.</summary>
public sealed class KeyPageTests(ServerFixture servers)
{
    [Fact]
    public async Task An_editor_announces_a_key_and_an_owner_may_activate_it_before_its_time()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        using var editor = await PortalVisitor.Member(app, "editor");
        using var owner = await PortalVisitor.Member(app, "owner");
        var page = $"/portal/applications/{app.Id}/keys/signing";
        (await editor.Submit(page, "announce", ("algorithm", "ES256"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var announced = (await app.Published())[0];
        var shown = await editor.Get(page);
        shown.Text("main").ShouldContain("You can activate it from");
        shown.Document.QuerySelectorAll("button").ShouldNotContain(button => button.TextContent == "Activate");
        (await editor.Get($"{page}/{announced}")).Html.ShouldNotContain("Activate now");
        (await owner.Submit($"{page}/{announced}", "early")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await app.CreateUser("ann@example.com")).KeyId().ShouldBe(announced);
    }

    [Fact]
    public async Task The_pages_show_the_key_as_the_swift_sdk_takes_it()
    {
        var app = await servers.Main.CreateRsaApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = $"/portal/applications/{app.Id}/keys";
        var shown = (await viewer.Get(page)).Text("#copy-public-key-swift");
        Encoding.UTF8.GetString(Convert.FromBase64String(shown)).ShouldBe(app.PublicKey.Trim());
        var key = (await app.Published()).Single();
        (await viewer.Get($"{page}/signing/{key}")).Text("#copy-pem-swift").ShouldBe(shown);
        (await viewer.Get($"{page}/signing")).Text(".warning").ShouldContain("Apps with a compiled-in key");
    }

    [Fact]
    public async Task The_keys_page_says_which_sdk_the_settings_suit()
    {
        var app = await servers.Main.CreateRsaApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        (await Ready()).ShouldBe(["All three: ready", "Kotlin: not ready", "React Native: ready", "Swift: ready"]);
        await app.Set("booleanFormat=boolean", "passwordFormat=md5");
        (await Ready()).ShouldBe(["All three: ready", "Kotlin: ready", "React Native: not ready", "Swift: ready"]);
        await app.Set("passwordFormat=plain");
        await app.RotateTo("ES256");
        (await Ready()).ShouldBe(["All three: not ready", "Kotlin: ready", "React Native: not ready", "Swift: not ready"]);
        (await Page()).Document.QuerySelector("#copy-public-key-swift").ShouldBeNull();

        Task<PortalResponse> Page() => viewer.Get($"/portal/applications/{app.Id}/keys");

        async Task<IEnumerable<string>> Ready() =>
            (await Page())
                .Document.QuerySelectorAll("[aria-labelledby=sdks] tbody tr")
                .Select(row => $"{row.Children[0].TextContent}: {row.Children[2].TextContent}");
    }

    [Fact]
    public async Task A_key_is_taken_out_only_by_who_types_the_application_s_name()
    {
        var app = await servers.Main.CreateRsaApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var key = (await app.Published()).Single();
        var page = $"/portal/applications/{app.Id}/keys/signing/{key}";
        (await owner.Submit(page, "retire", ("confirm", "Another"))).Text(".error").ShouldContain("not the application's name");
        (await app.Published()).ShouldBe([key]);
        (await owner.Submit(page, "retire", ("confirm", "Demo"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await app.Published()).ShouldNotContain(key);
    }

    [Fact]
    public async Task An_owner_renews_and_keeps_App_Tokens()
    {
        var app = await servers.Main.CreateRsaApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var page = $"/portal/applications/{app.Id}/keys/tokens";
        (await owner.Submit(page, "renew", ("days", "soon"))).Text("[role=alert]").ShouldContain("0 to 3650 days");
        (await owner.Submit(page, "renew", ("days", "14"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var listed = await owner.Get(page);
        listed.Document.QuerySelectorAll("tbody tr").Length.ShouldBe(2);
        var renewed = app with { Token = listed.Text("#copy-newest") };
        (await renewed.Get("getApplication")).ShouldBeOk();
        (await app.Get("getApplication")).ShouldBeOk();

        var keep = listed
            .Document.QuerySelectorAll("input[name=_handler]")
            .Select(input => input.GetAttribute("value")!)
            .Single(name => name.StartsWith("keep-", StringComparison.Ordinal));
        (await owner.Submit(page, keep)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await owner.Get(page)).Text("tbody").Split("never").Length.ShouldBe(3);
        var end = $"{page}/{keep["keep-".Length..]}/end";
        (await owner.Get(page)).Document.QuerySelector($"a[href='{end}']").ShouldNotBeNull();
        (await owner.Get(end)).Text("main").ShouldContain("This cannot be undone");
        (await app.Get("getApplication")).ShouldBeOk();
        (await owner.Submit(end, "end")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await app.Get("getApplication")).ShouldFailWith(400);
    }

    [Fact]
    public async Task A_new_App_Secret_is_shown_once()
    {
        var app = await servers.Main.CreateRsaApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var page = $"/portal/applications/{app.Id}/keys/secrets";
        var made = await owner.SubmitAndFollow(page, "add", ("label", "<b>web</b>"));
        var secret = made.Text("#copy-app-secret");
        (await app.SendAsServer(HttpMethod.Get, "users", secret: secret)).ShouldBeOk();
        var listed = await owner.Get(page);
        listed.Html.ShouldNotContain(secret);
        listed.Text("tbody").ShouldContain("<b>web</b>");
        var end = listed.Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        (await owner.Submit(end, "end", ("days", "forged"))).Text(".error").ShouldContain("0 to 3650 days");
        (await app.SendAsServer(HttpMethod.Get, "users", secret: secret)).ShouldBeOk();
        (await owner.Submit(end, "end", ("days", "0"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await app.SendAsServer(HttpMethod.Get, "users", secret: secret)).ShouldFailWith(400);
        (await app.SendAsServer(HttpMethod.Get, "users")).ShouldBeOk();
    }
}
