using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>What users change about themselves on the account pages.</summary>
public sealed class AccountProfileTests(ServerFixture servers)
{
    private const string Script = "\"><script>alert(1)</script>";

    private static readonly string[] Fields =
    [
        "metaData=[{\"path\":\"user_data.name\",\"fieldName\":\"name\",\"canEdit\":true,\"required\":true},"
            + "{\"path\":\"user_data.town\",\"fieldName\":\"town\",\"canEdit\":true,\"required\":false},"
            + "{\"path\":\"user_data.plan\",\"fieldName\":\"plan\",\"canEdit\":false,\"required\":false}]",
    ];

    [Fact]
    public async Task A_user_name_is_chosen_once()
    {
        using var ann = await AccountVisitor.Create(servers, "userNamesEnabled=1");
        await ann.Provider.App.CreateUser("ben@example.com");
        await ann.Installation.Execute(
            "UPDATE users SET user_name = 'taken' WHERE app_id = @Id AND handle = 'ben@example.com'",
            new { ann.Provider.Id }
        );
        var page = await ann.Open("account/profile");
        page = (await ann.Submit(page, "name", ("user-name", "taken"))).ShouldRefuse("Somebody has this user name");
        page.Document.QuerySelector("#user-name")!.GetAttribute("value").ShouldBe("taken"); // to be corrected
        page = (await ann.Submit(page, "name", ("user-name", "a b"))).ShouldRefuse("not possible");
        page = (await ann.Submit(page, "name", ("user-name", "ann_1"))).ShouldSay("Saved.");
        page.Text.ShouldContain("ann_1");
        page.Document.QuerySelector("#user-name").ShouldBeNull();
        (await ann.Browser.Post("account/profile", [("action", "name"), ("user-name", "other")])).ShouldBePage("account/profile");
        (await ann.Count("users", "user_name = 'ann_1'")).ShouldBe(1);
    }

    [Fact]
    public async Task The_language_is_one_that_the_application_offers()
    {
        using var ann = await AccountVisitor.Create(servers, "locales=EN,DE");
        var page = await ann.Open("account/profile");
        page = (await ann.Submit(page, "locale", ("locale", "DE"))).ShouldSay("Saved.");
        page.Document.QuerySelector("option[selected]")!.TextContent.ShouldBe("Deutsch");
        await ann.Submit(page, "locale", ("locale", "FR"));
        (await ann.Count("users", "locale = 'DE'")).ShouldBe(1);
    }

    [Fact]
    public async Task The_fields_that_users_may_edit_are_edited_and_the_others_stay()
    {
        var provider = await ProviderApp.Create(servers, Fields);
        await provider.App.CreateUser(AccountVisitor.Ann, metaData: "{\"user_data\":{\"name\":\"Ann\",\"plan\":\"gold\"}}");
        using var ann = await AccountVisitor.SignIn(provider, AccountVisitor.Ann);
        var page = await ann.Open("account/profile");
        page.Document.QuerySelector("#field-0")!.GetAttribute("value").ShouldBe("Ann");
        page.Document.QuerySelector("#field-2").ShouldBeNull();
        page = (await ann.Submit(page, "fields", ("field-0", ""), ("field-1", Script))).ShouldRefuse("needed is empty");
        page.Document.QuerySelector("#field-1")!.GetAttribute("value").ShouldBe(Script); // what was typed is there again
        page.Document.QuerySelector("script").ShouldBeNull();
        page = (await ann.Submit(page, "fields", ("field-0", "Ann B"), ("field-1", Script), ("field-2", "platinum"))).ShouldSay("Saved.");
        page.Document.QuerySelector("script").ShouldBeNull();
        var stored = await ann.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @Id", new { ann.Provider.Id });
        stored.ShouldContain("gold");
        stored.ShouldContain("Ann B");
        (await ann.Submit(page, "fields", ("field-0", new string('x', 1001)), ("field-1", ""))).ShouldRefuse("too long");
    }

    [Fact]
    public async Task A_new_phone_number_is_proved_by_a_code()
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=phone");
        var page = await ann.Open("account/phone");
        page = (await ann.Submit(page, null, ("phone", "hello"))).ShouldRefuse("not a phone number");
        page.Document.QuerySelector("#phone")!.GetAttribute("value").ShouldBe("hello");
        page = (await ann.Submit(page, null, ("phone", "+14155550101"))).ShouldBePage("account/phone/code");
        var code = await ann.Provider.App.LastCodeFor("+14155550101");
        page = (await ann.Submit(page, null, ("code", App.WrongCodeFor(code)))).ShouldRefuse("wrong or has expired");
        page = (await ann.Submit(page, null, ("code", $" {code[..3]} {code[3..]} "))).ShouldBePage("account/profile");
        page.ShouldSay("Your phone number is confirmed.").Text.ShouldContain("+14155550101");
        (await ann.Provider.App.MailKinds(AccountVisitor.Ann)).ShouldContain("phoneChanged");
    }

    [Fact]
    public async Task A_number_of_another_user_is_refused()
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=phone");
        await ann.Provider.App.CreateUser("ben@example.com");
        await ann.Installation.Execute(
            "UPDATE users SET phone = '+14155550102' WHERE app_id = @Id AND handle LIKE 'ben%'",
            new { ann.Provider.Id }
        );
        var page = await ann.Open("account/phone");
        (await ann.Submit(page, null, ("phone", "+14155550102"))).ShouldRefuse("cannot be used");
    }

    [Fact]
    public async Task What_was_typed_outlives_the_proof_that_it_needs()
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=phone");
        var page = await ann.Open("account/phone");
        await ann.Wait();
        var proof = await ann.Submit(page, null, ("phone", "+14155550103"));
        page = (await ann.Prove(proof)).ShouldBePage("account/phone");
        page.Document.QuerySelector("#phone")!.GetAttribute("value").ShouldBe("+14155550103");
        (await ann.Submit(page, null, ("phone", "+14155550103"))).ShouldBePage("account/phone/code");
    }
}
