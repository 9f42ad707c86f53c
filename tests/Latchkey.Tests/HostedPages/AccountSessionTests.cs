using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Sessions, linked accounts and consents on the account pages.</summary>
public sealed class AccountSessionTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;
    private const string Script = "<script>alert(1)</script>";

    [Fact]
    public async Task Sessions_are_listed_and_one_is_ended_which_then_says_why()
    {
        using var ann = await AccountVisitor.Create(servers);
        using var phone = new Browser(ann.Provider, userAgent: "Mozilla/5.0 (Linux; Android 14) Chrome/1");
        (await phone.SignIn(await phone.Open("account"), Ann)).ShouldBePage("account");
        var page = await ann.Open("account/sessions");
        page.Text.ShouldContain("Firefox on Linux");
        page.Text.ShouldContain("Chrome on Android");
        page.Text.ShouldContain("127.0.0.1");
        page.Text.ShouldContain("Password");
        var card = page.Document.QuerySelectorAll("section.card").First(one => one.TextContent.Contains("Android"));
        var id = card.QuerySelector("input[name=session]")!.GetAttribute("value")!;
        card.QuerySelector(".badge").ShouldBeNull();
        page = (await ann.Submit(page, "end", ("session", id))).ShouldSay("The session has ended.");
        page.Text.ShouldContain("You signed it out from another device.");
        (await phone.Open("account")).ShouldBePage("login");
        (await ann.Submit(page, "end", ("session", id))).ShouldRefuse("no longer there");
    }

    [Fact]
    public async Task All_others_are_ended_and_this_one_stays()
    {
        using var ann = await AccountVisitor.Create(servers);
        using var other = await AccountVisitor.SignIn(ann.Provider, Ann);
        var login = await ann.Provider.App.Login(Ann);
        var page = await ann.Open("account/sessions");
        (await ann.Submit(page, "others")).ShouldSay("All other sessions have ended.");
        (await other.Open("account")).ShouldBePage("login");
        (await login.Get("getUser")).ShouldFailWith(405);
        (await ann.Open("account")).ShouldBePage("account");
    }

    [Fact]
    public async Task Ending_this_session_signs_out_here()
    {
        using var ann = await AccountVisitor.Create(servers);
        var page = await ann.Open("account/sessions");
        (await ann.Submit(page, "end")).ShouldBePage("login");
        (await ann.Count("sessions", "end_reason = 'signedOut' AND ended_at IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_of_another_user_is_neither_shown_nor_ended()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        using var ben = await AccountVisitor.SignIn(ann.Provider, "ben@example.com");
        var bens = (await ben.Open("account/sessions")).Document.QuerySelector("input[name=session]")!.GetAttribute("value")!;
        var page = await ann.Open("account/sessions");
        page.Html.ShouldNotContain(bens);
        (await ann.Submit(page, "end", ("session", bens))).ShouldRefuse("no longer there").Html.ShouldNotContain(bens);
        (await ben.Open("account")).ShouldBePage("account");
    }

    [Fact]
    public async Task Names_of_devices_are_only_text()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Installation.Execute(
            "UPDATE sessions SET device_name = @Name WHERE app_id = @Id",
            new { ann.Provider.Id, Name = Script }
        );
        var page = await ann.Open("account/sessions");
        page.Document.QuerySelector("script").ShouldBeNull();
        page.Text.ShouldContain(Script);
    }

    [Fact]
    public async Task Linked_accounts_are_listed_and_unlinked_but_not_the_last_way_in()
    {
        using var ann = await AccountVisitor.Create(servers, "googleLoginEnabled=1", "googleClientId=g");
        await AddIdentity(ann, "i1", "ann@gmail.example");
        (await ann.Open("account/links")).Text.ShouldContain("ann@gmail.example");
        await ann.Wait();
        var page = await ann.Prove(await ann.Open("account/links/remove?id=i1"));
        (await ann.Submit(page.ShouldBePage("account/links/remove"), null))
            .ShouldBePage("account/links")
            .ShouldSay("The account is unlinked.");
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("identityUnlinked");
        await AddIdentity(ann, "i2", Script);
        (await ann.Open("account/links")).Document.QuerySelector("script").ShouldBeNull();
        await ann.Installation.Execute("UPDATE users SET password_hash = NULL WHERE app_id = @Id", new { ann.Provider.Id });
        page = await ann.Open("account/links/remove?id=i2");
        (await ann.Submit(page, null)).ShouldRefuse("This is your last way to sign in");
        (await ann.Count("user_identities")).ShouldBe(1);
    }

    [Fact]
    public async Task An_identity_of_another_user_is_neither_shown_nor_unlinked()
    {
        using var ann = await AccountVisitor.Create(servers);
        await AddIdentity(ann, "i1", "x@example.com");
        await ann.Provider.App.CreateUser("ben@example.com");
        using var ben = await AccountVisitor.SignIn(ann.Provider, "ben@example.com");
        var form = Browser.FieldsOf(await ann.Open("account/links/remove?id=i1"), null).ToList();
        (await ben.Open("account/links/remove?id=i1")).ShouldBePage("account/links").Text.ShouldNotContain("x@example.com");
        await ben.Browser.Post("account/links/remove?id=i1", form);
        (await ben.Browser.Post("account/links/remove?id=i1", [])).Text.ShouldNotContain("x@example.com");
        (await ann.Count("user_identities")).ShouldBe(1);
    }

    [Fact]
    public async Task Apps_with_access_are_listed_and_lose_it()
    {
        using var ann = await AccountVisitor.Create(servers);
        var client = await ann.Provider.AddClient(name: $"{Script}Photo prints");
        (await ann.Open("account/apps")).Text.ShouldContain("nothing to any app");
        var visit = await ann.Browser.Submit((await ann.Browser.Authorize(client)).ShouldBePage("consent"), "allow");
        var tokens = (await client.Exchange(visit.Code)).ShouldBeOk().Json;
        var page = await ann.Open("account/apps");
        page.Document.QuerySelector("script").ShouldBeNull();
        page.Text.ShouldContain("Photo prints");
        (await ann.Submit(page, null, ("client", "nobody"))).ShouldRefuse("no longer there");
        page = (await ann.Submit(page, null)).ShouldSay("The app has no access any more.");
        page.Text.ShouldNotContain("Photo prints");
        (await ann.Provider.UserInfo(tokens.GetProperty("access_token").GetString()!)).Status.ShouldBe(
            System.Net.HttpStatusCode.Unauthorized
        );
        (await ann.Browser.Authorize(client)).ShouldBePage("consent");
    }

    [Fact]
    public async Task A_consent_of_another_user_stays()
    {
        using var ann = await AccountVisitor.Create(servers);
        var client = await ann.Provider.AddClient(name: "Photo prints");
        await ann.Browser.Submit((await ann.Browser.Authorize(client)).ShouldBePage("consent"), "allow");
        await ann.Provider.App.CreateUser("ben@example.com");
        using var ben = await AccountVisitor.SignIn(ann.Provider, "ben@example.com");
        var form = Browser.FieldsOf(await ben.Open("account/sessions"), "others").Where(field => field.Name == "form-key");
        (await ben.Open("account/apps")).Text.ShouldNotContain("Photo prints");
        await ben.Browser.Post("account/apps", [.. form, ("client", client.Id)]);
        (await ann.Count("consents")).ShouldBe(1);
    }

    private static Task AddIdentity(AccountVisitor ann, string id, string email) =>
        ann.Installation.Execute(
            """
            INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at)
            SELECT app_id, @identity, id, 'google', @identity, @email, 1 FROM users WHERE app_id = @Id AND handle = 'ann@example.com'
            """,
            new
            {
                ann.Provider.Id,
                identity = id,
                email,
            }
        );
}
