using System.Text.Json;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Passkeys on the account pages, with an authenticator in the place of the browser's script.</summary>
public sealed class AccountPasskeyTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;
    private const string Script = "<script>alert(1)</script>";

    [Fact]
    public async Task A_passkey_is_added_named_listed_and_removed()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers);
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        var page = await Add(ann, phone);
        page.ShouldBePage("account/passkeys/passkey").ShouldSay("The passkey is added. Give it a name that you recognise.");
        page = (await ann.Submit(page, null, ("name", "a\nb"))).ShouldRefuse("not possible");
        (await ann.Submit(page, null, ("name", Script))).ShouldBePage("account/passkeys").ShouldSay("Saved.");
        page = await ann.Open("account/passkeys");
        page.Document.QuerySelector("script").ShouldBeNull();
        page.Text.ShouldContain(Script);
        page.Text.ShouldContain("Never");
        (await ann.Provider.App.LoginWithPasskey(phone)).ShouldBeOk();
        (await ann.Open("account/passkeys")).Text.ShouldNotContain("Never");
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("passkeyAdded");
        page = await ann.Open($"account/passkeys/remove?id={await IdOf(ann)}");
        (await ann.Submit(page, null)).ShouldBePage("account/passkeys").ShouldSay("The passkey is removed.");
        (await ann.Count("passkeys")).ShouldBe(0);
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("passkeyRemoved");
    }

    [Fact]
    public async Task Adding_and_removing_need_a_proof_which_a_passkey_can_give()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers);
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        await Add(ann, phone);
        await ann.Wait();
        var proof = (await ann.Open("account/passkeys/add")).ShouldBePage("account/proof");
        (await ann.Prove(proof)).ShouldBePage("account/passkeys/add");
        await ann.Wait();
        var id = await IdOf(ann);
        await ann.Open($"account/passkeys/remove?id={id}");
        proof = await ann.Open($"account/proof?continue=account/passkeys/remove&id={id}&method=passkey");
        var page = await ann.Submit(proof, null, ("credential", phone.Sign(Asked(proof))));
        page.ShouldBePage("account/passkeys/remove").Url.Query.ShouldBe($"?id={id}"); // with what was asked
        await ann.Wait();
        proof = await ann.Open("account/proof?method=passkey");
        (await ann.Submit(proof, null, ("credential", "{}"))).ShouldRefuse("");
        phone.Challenge = "AAAA";
        (await ann.Submit(proof, null, ("credential", phone.Sign(Asked(proof))))).ShouldRefuse("did not work");
    }

    [Fact]
    public async Task What_no_authenticator_answered_adds_nothing()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers);
        using var phone = new SoftAuthenticator { Origin = "https://evil.example" };
        (await Add(ann, phone)).ShouldRefuse("did not work");
        var page = await ann.Open("account/passkeys/add");
        (await ann.Submit(page, null)).ShouldRefuse("did not work"); // as a browser without scripts would, if the button were there
        (await ann.Submit(page, null, ("credential", "[]"), ("requestToken", "x"))).ShouldRefuse("did not work");
        (await ann.Count("passkeys")).ShouldBe(0);
    }

    [Fact]
    public async Task The_first_passkey_that_is_a_factor_gives_recovery_codes()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers, "secondFactorPolicy=optional", "secondFactors=passkey");
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        var page = (await Add(ann, phone)).ShouldBePage("account/recovery-codes/new");
        page.Document.QuerySelectorAll(".codes li").Length.ShouldBe(10);
    }

    [Fact]
    public async Task Where_the_pages_are_no_origin_of_the_application_passkeys_are_listed_but_neither_made_nor_asked_for()
    {
        const string origin = "https://app.example.org";
        using var ann = await AccountVisitor.Create(servers, [.. AccountVisitor.Passkeys, $"passkeyOrigins={origin}"]);
        using var phone = new SoftAuthenticator { Origin = origin };
        (await (await ann.Provider.App.Login(Ann)).AddPasskey(phone, "Of the app")).ShouldBeOk();
        var list = (await ann.Open("account/passkeys")).ShouldBePage("account/passkeys");
        list.Text.ShouldContain("Of the app");
        list.Document.QuerySelector("a[href$='account/passkeys/add']").ShouldBeNull();
        (await ann.Open("account/passkeys/add")).ShouldBePage("account");
        (await ann.Browser.Post("account/passkeys/add", [])).ShouldBePage("account");
        (await Proof()).Document.QuerySelector("#password").ShouldNotBeNull();

        await ann.Provider.App.Set("secondFactorPolicy=optional", "secondFactors=passkey");
        (await Proof()).Document.QuerySelector("#code").ShouldNotBeNull(); // a recovery code

        var page = await ann.Open($"account/passkeys/passkey?id={await IdOf(ann)}");
        (await ann.Submit(page, null, ("name", "Renamed"))).ShouldBePage("account/passkeys").ShouldSay("Saved.");

        async Task<Visit> Proof()
        {
            var proof = (await ann.Open("account/proof?method=passkey")).ShouldBePage("account/proof");
            proof.Document.QuerySelectorAll("script, [data-passkey], a[href*='method=passkey']").ShouldBeEmpty();
            return proof;
        }
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers);
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        await Add(ann, phone);
        await ann.Installation.Execute("UPDATE users SET password_hash = NULL WHERE app_id = @Id", new { ann.Provider.Id });
        var page = await ann.Open($"account/passkeys/remove?id={await IdOf(ann)}");
        (await ann.Submit(page, null)).ShouldRefuse("This is your last way to sign in");
        (await ann.Count("passkeys")).ShouldBe(1);
    }

    [Fact]
    public async Task A_passkey_of_another_user_is_neither_shown_nor_changed()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers);
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        (await (await ann.Provider.App.CreateUser("ben@example.com")).AddPasskey(phone, "Bens own")).ShouldBeOk();
        using var own = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        await Add(ann, own);
        var (bens, anns) = (await IdOf(ann, "name = 'Bens own'"), await IdOf(ann, "name <> 'Bens own'"));
        (await ann.Open("account/passkeys")).Text.ShouldNotContain("Bens own");
        foreach (var path in new[] { "account/passkeys/passkey", "account/passkeys/remove" })
        {
            (await ann.Open($"{path}?id={bens}")).ShouldBePage("account/passkeys").Text.ShouldNotContain("Bens own");
            var form = Browser.FieldsOf(await ann.Open($"{path}?id={anns}"), null, ("name", "Mine now")).ToList();
            var answer = await ann.Browser.Post($"{path}?id={bens}", form);
            answer.Text.ShouldNotContain("Bens own");
            answer.Text.ShouldNotContain(bens);
        }

        (await ann.Count("passkeys", "name = 'Bens own'")).ShouldBe(1);
    }

    private static async Task<Visit> Add(AccountVisitor ann, SoftAuthenticator phone)
    {
        var page = (await ann.Open("account/passkeys/add")).ShouldBePage("account/passkeys/add");
        return await ann.Submit(page, null, ("credential", phone.Register(Asked(page))));
    }

    /// <summary>What the page's script reads.</summary>
    private static JsonElement Asked(Visit page)
    {
        var options = page.Document.QuerySelector("[data-passkey]")!.GetAttribute("data-options")!;
        return JsonDocument.Parse($"{{\"options\":{options}}}").RootElement;
    }

    private static Task<string> IdOf(AccountVisitor ann, string where = "TRUE") =>
        ann.Installation.Query<string>($"SELECT id FROM passkeys WHERE app_id = @Id AND {where}", new { ann.Provider.Id });
}
