using System.Text.Json;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Changing the e-mail address on the account pages.</summary>
public sealed class AccountEmailTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;
    private const string New = "ann.new@example.com";

    [Fact]
    public async Task A_new_address_is_proved_by_a_mailed_code_and_the_old_one_is_told()
    {
        using var ann = await AccountVisitor.Create(servers);
        using var other = await AccountVisitor.SignIn(ann.Provider, Ann);
        var before = (await ann.Provider.App.Login(Ann)).Id();
        var page = await Ask(ann, " Ann.New@Example.com ");
        page.ShouldBePage("account/email/code").Text.ShouldContain(New);
        var code = await ann.Provider.App.LastCodeFor(New);
        (await ann.Provider.App.Mails(Ann)).ShouldAllBe(mail => mail.Code != code);
        (await ann.Submit(page, null, ("code", App.WrongCodeFor(code)))).ShouldRefuse("wrong or has expired");
        (await ann.Count("users", "handle = 'ann@example.com'")).ShouldBe(1); // nothing has changed yet
        page = (await ann.Submit(page, null, ("code", code))).ShouldBePage("account/profile");
        page.ShouldSay("Your e-mail address is changed.").Text.ShouldContain(New);
        (await ann.Count("users", "handle = 'ann.new@example.com' AND email_verified = TRUE")).ShouldBe(1);
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("addressChanged");
        (await ann.Count("audit", "handle = 'ann@example.com'")).ShouldBe(0); // the lines go with the user
        (await ann.Provider.App.TryLogin(Ann)).ShouldFailWith(600);
        (await ann.Provider.App.Login(New)).Id().ShouldBe(before);
        (await other.Open("account")).ShouldBePage("account").Text.ShouldContain(New);
        (await ann.Open("account/email/code")).ShouldBePage("account/profile"); // used
    }

    [Fact]
    public async Task An_address_that_has_an_account_looks_like_any_other_and_its_owner_is_told()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        var taken = (await Ask(ann, "BEN@example.com")).ShouldBePage("account/email/code");
        var free = (await Ask(ann, New)).ShouldBePage("account/email/code");
        taken.Text.Replace("ben@example.com", New).ShouldBe(free.Text);
        (await ann.Provider.App.MailKinds("ben@example.com")).ShouldContain("accountExists");
        (await ann.Provider.App.Mails("ben@example.com")).ShouldAllBe(mail => mail.Code == null);
        (await ann.Count("users", "handle = 'ben@example.com'")).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_takes_the_address_first_keeps_it()
    {
        using var ann = await AccountVisitor.Create(servers);
        var page = await Ask(ann, New);
        var code = await ann.Provider.App.LastCodeFor(New);
        await ann.Provider.App.CreateUser(New);
        (await ann.Submit(page, null, ("code", code))).ShouldRefuse("has an account already");
        (await ann.Count("users", "handle = 'ann@example.com'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_strangers_began_with_the_address_goes_when_its_owner_proves_it()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Provider.App.Set("signupFlow=code");
        (await ann.Provider.App.Signup(New, "a-strangers-Password-1!")).ShouldBeTrue();
        var strangers = await ann.Provider.App.LastCodeFor(New);
        var page = await Ask(ann, New);
        await ann.Submit(page, null, ("code", await ann.Provider.App.LastCodeFor(New)));
        (await ann.Provider.App.Complete(New, strangers)).Code.ShouldNotBe(200);
        (await ann.Provider.App.TryLogin(New, "a-strangers-Password-1!")).ShouldFailWith(600);
        (await ann.Provider.App.TryLogin(New)).ShouldBeOk();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("a@b@c")]
    [InlineData("ann@example.com")]
    [InlineData("ANN@EXAMPLE.com ")]
    [InlineData("\"><script>alert(1)</script>@example.com")]
    public async Task What_is_no_other_address_is_refused_and_can_be_corrected(string typed)
    {
        using var ann = await AccountVisitor.Create(servers);
        var page = (await Ask(ann, typed)).ShouldRefuse("not an e-mail address");
        page.Document.QuerySelector("#email")!.GetAttribute("value").ShouldBe(typed);
        page.Document.QuerySelector("script").ShouldBeNull();
    }

    [Fact]
    public async Task It_needs_a_proof_and_keeps_what_was_typed_meanwhile()
    {
        using var ann = await AccountVisitor.Create(servers);
        var page = await ann.Open("account/email");
        await ann.Wait();
        var proof = await ann.Submit(page, null, ("email", New));
        page = (await ann.Prove(proof)).ShouldBePage("account/email");
        page.Document.QuerySelector("#email")!.GetAttribute("value").ShouldBe(New);
        (await ann.Count("messages", "recipient = 'ann.new@example.com'")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_such_page()
    {
        using var ann = await AccountVisitor.Create(servers, "addressChangeEnabled=0");
        (await ann.Open("account/email")).ShouldBePage("account");
        (await ann.Open("account/email/code")).ShouldBePage("account");
        (await ann.Open("account/profile")).Document.QuerySelector("a[href$='account/email']").ShouldBeNull();
    }

    [Fact]
    public async Task The_identity_of_the_user_stays_for_clients()
    {
        using var ann = await AccountVisitor.Create(servers);
        var client = await ann.Provider.AddClient(change: settings => settings with { FirstParty = true });
        var before = await UserInfo(ann, client);
        var page = await Ask(ann, New);
        await ann.Submit(page, null, ("code", await ann.Provider.App.LastCodeFor(New)));
        var after = await UserInfo(ann, client);
        after.GetProperty("sub").GetString().ShouldBe(before.GetProperty("sub").GetString());
        after.GetProperty("email").GetString().ShouldBe(New);
    }

    private static async Task<Visit> Ask(AccountVisitor ann, string address) =>
        await ann.Submit((await ann.Open("account/email")).ShouldBePage("account/email"), null, ("email", address));

    private static async Task<JsonElement> UserInfo(AccountVisitor ann, ProviderClient client)
    {
        var visit = await ann.Browser.Authorize(client, ("scope", "openid email"));
        var tokens = (await client.Exchange(visit.Code)).ShouldBeOk().Json;
        return (await ann.Provider.UserInfo(tokens.GetProperty("access_token").GetString()!)).ShouldBeOk().Json;
    }
}
