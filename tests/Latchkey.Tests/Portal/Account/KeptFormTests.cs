using System.Net;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Portal.Account;

/// <summary>What was typed on a page of settings is still there when its form comes too late for the proof, and the page asks for it.</summary>
public sealed class KeptFormTests(ServerFixture servers)
{
    [Fact]
    public async Task A_late_form_comes_back_as_it_was_typed_and_is_saved_with_the_password()
    {
        var (app, account, client) = await Editor();
        var path = $"/portal/applications/{app.Id}/settings/tokens";
        var form = await client.Fields(path, "settings");
        await account.LetProofExpire();

        var late = await client.Send(path, form, ("userJWTExpiration", "77"));
        late.Status.ShouldBe(HttpStatusCode.OK);
        (await Stored(app)).ShouldNotBe("77");
        Value(late, "#field-userJWTExpiration").ShouldBe("77");
        late.Text.ShouldContain("Nothing is saved yet");

        var wrong = await client.Send(path, Hidden(late), ("userJWTExpiration", "78"), ("password", "not this one"));
        wrong.Status.ShouldBe(HttpStatusCode.OK);
        wrong.Text.ShouldContain("This is not your password");
        wrong.Text.ShouldNotContain("not this one");
        Value(wrong, "#field-userJWTExpiration").ShouldBe("78");
        (await Stored(app)).ShouldNotBe("78");

        var before = client.Session;
        var saved = await client.Send(path, Hidden(wrong), ("userJWTExpiration", "79"), ("password", PortalAccount.Password));
        saved.Header("Location").ShouldBe($"{path}?saved=userJWTExpiration#set-userJWTExpiration");
        (await Stored(app)).ShouldBe("79");
        client.Session.ShouldNotBe(before);
        (await client.Get(path)).Text.ShouldNotContain("Confirm that it is you"); // the proof counts from now on
    }

    [Fact]
    public async Task With_an_authenticator_the_code_is_asked_for_too()
    {
        var (app, account, client) = await Editor();
        var (authenticator, _) = await account.EnableSecondFactor(client);
        var path = $"/portal/applications/{app.Id}/settings/tokens";
        var form = await client.Fields(path, "settings");
        await account.LetProofExpire();
        var late = await client.Send(path, form, ("userJWTExpiration", "77"), ("password", PortalAccount.Password));
        late.Text.ShouldContain("This code is wrong");
        (await Stored(app)).ShouldNotBe("77");
        (
            await client.Send(
                path,
                Hidden(late),
                ("userJWTExpiration", "77"),
                ("password", PortalAccount.Password),
                ("code", authenticator.Code(1))
            )
        ).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Stored(app)).ShouldBe("77");
    }

    [Fact]
    public async Task A_secret_is_in_no_page_and_changes_nothing_until_it_is_typed_again()
    {
        var (app, account, client) = await Editor();
        var path = $"/portal/applications/{app.Id}/settings/messages";
        var form = await client.Fields(path, "settings");
        await account.LetProofExpire();
        (string, string)[] typed = [("mailProvider", "sendgrid"), ("sendgridKey", "SG.secret"), ("mailFrom", "help@example.com")];
        var late = await client.Send(path, form, typed);
        late.Text.ShouldNotContain("SG.secret");
        Value(late, "#field-mailFrom").ShouldBe("help@example.com");
        new HtmlParser().ParseDocument(late.Text).QuerySelector("#field-sendgridKey")!.GetAttribute("placeholder").ShouldBeNull();
    }

    [Fact]
    public async Task Who_may_only_look_proves_nothing_by_it()
    {
        var (app, account, client) = await Editor();
        var path = $"/portal/applications/{app.Id}/settings/tokens";
        var form = await client.Fields(path, "settings");
        await account.LetProofExpire();
        await app.Installation.Execute("UPDATE members SET role = 'viewer' WHERE app_id = @Id", new { app.Id });
        var sent = await client.Send(path, form, ("userJWTExpiration", "77"), ("password", PortalAccount.Password));
        sent.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Stored(app)).ShouldNotBe("77");
    }

    /// <summary>Its name opens no page that is shown after a proof only.</summary>
    [Theory]
    [InlineData("/portal/operator/mailbox")]
    [InlineData("/portal/account/password")]
    [InlineData("/portal/operator/joining")]
    public async Task The_name_of_such_a_form_opens_no_other_page(string path)
    {
        var account = await PortalAccount.Create(servers.Main, "operator", isOperator: true);
        var client = await account.SignIn();
        var token = await client.Fields("/portal/account", "name");
        await account.LetProofExpire();
        (await client.Send(path, token, ("_handler", "settings"), ("password", PortalAccount.Password)))
            .Header("Location")!
            .ShouldStartWith("/portal/confirm");
    }

    private async Task<(App App, PortalAccount Account, PortalClient Client)> Editor()
    {
        var app = await servers.Main.CreateApp();
        var account = await (await PortalAccount.Create(servers.Main)).AddAsMember(app.Id, "editor");
        return (app, account, await account.SignIn());
    }

    private static async Task<string> Stored(App app) =>
        (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed().Json.GetProperty("userJWTExpiration").ToString();

    private static string? Value(Reply page, string selector) =>
        new HtmlParser().ParseDocument(page.Text).QuerySelector(selector)!.GetAttribute("value");

    private static Dictionary<string, string> Hidden(Reply page) =>
        new HtmlParser()
            .ParseDocument(page.Text)
            .QuerySelectorAll("form.settings input[type=hidden]")
            .ToDictionary(one => one.GetAttribute("name")!, one => one.GetAttribute("value") ?? "", StringComparer.Ordinal);
}
