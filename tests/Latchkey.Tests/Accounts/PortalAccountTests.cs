using System.Net;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Accounts;

/// <summary>What developers change about their own accounts.</summary>
public sealed class PortalAccountTests(ServerFixture servers)
{
    private const string Page = "/portal/account";
    private const string EmailPage = $"{Page}/email";
    private const string PasswordPage = $"{Page}/password";
    private const string Next = "another long portal password";

    [Fact]
    public async Task A_new_password_takes_the_old_one_and_ends_all_other_sessions()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (here, there) = (await account.SignIn(), await account.SignIn());
        (await here.Post(PasswordPage, "password", ("password", "short"))).Text.ShouldContain("Choose another password");
        (await there.IsSignedIn()).ShouldBeTrue();
        (await here.Post(PasswordPage, "password", ("password", Next))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await here.IsSignedIn()).ShouldBeTrue();
        (await there.IsSignedIn()).ShouldBeFalse();
        await account.SignIn(Next);
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.AppId.ShouldBeNull();
    }

    [Fact]
    public async Task A_new_address_counts_once_its_mailed_link_was_opened_by_the_same_account()
    {
        var (account, other) = (await PortalAccount.Create(servers.Main), await PortalAccount.Create(servers.Main, "other"));
        var (client, address) = (await account.SignIn(), PortalAccount.UniqueEmail("new"));
        (await client.Post(EmailPage, "email", ("email", "no address"))).Text.ShouldContain("not an e-mail address");
        (await PortalAccount.LastMailTo(servers.Main, address)).ShouldBeNull();
        (await client.Post(EmailPage, "email", ("email", address))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var link = await PortalAccount.LastLinkTo(servers.Main, address);

        (await (await other.SignIn()).Get(link)).Text.ShouldContain("is no longer valid");
        (await new PortalClient(servers.Main).Get(link)).Status.ShouldBe(HttpStatusCode.Found);
        (await EmailOf(account)).ShouldBe(account.Email);

        await client.Get(link);
        (await EmailOf(account)).ShouldBe(account.Email); // a GET changes nothing
        (await client.Post(link, "confirm")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await EmailOf(account)).ShouldBe(address);
        (await client.Get(link)).Text.ShouldContain("is no longer valid");
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Body.Subject.ShouldContain("address");
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_answered_alike_and_told_by_mail()
    {
        var (account, other) = (await PortalAccount.Create(servers.Main), await PortalAccount.Create(servers.Main, "other"));
        var client = await account.SignIn();
        var asked = await client.Post(EmailPage, "email", ("email", other.Email));
        asked.Header("Location").ShouldBe($"{Page}?done=email-asked");
        (await PortalAccount.LastMailTo(servers.Main, other.Email))!.Body.Subject.ShouldContain("already have an account");
    }

    [Fact]
    public async Task Of_two_accounts_that_ask_for_one_address_the_first_to_confirm_has_it()
    {
        var (first, second) = (await PortalAccount.Create(servers.Main), await PortalAccount.Create(servers.Main));
        var (one, two, address) = (await first.SignIn(), await second.SignIn(), PortalAccount.UniqueEmail("both"));
        await one.Post(EmailPage, "email", ("email", address));
        var linkOfOne = await PortalAccount.LastLinkTo(servers.Main, address);
        await PortalAccount.ResetMailLimits(servers.Main, address);
        await two.Post(EmailPage, "email", ("email", address));
        var linkOfTwo = await PortalAccount.LastLinkTo(servers.Main, address);
        (await one.Post(linkOfOne, "confirm")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await two.Post(linkOfTwo, "confirm")).Text.ShouldContain("already has an account");
        (await EmailOf(second)).ShouldBe(second.Email);
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all_others_but_never_anothers()
    {
        var (account, other) = (await PortalAccount.Create(servers.Main), await PortalAccount.Create(servers.Main, "other"));
        var (here, there, elsewhere, foreign) = (
            await account.SignIn(),
            await account.SignIn(),
            await account.SignIn(),
            await other.SignIn()
        );
        var foreignId = await servers.Main.Installation.Query<string>(
            "SELECT id FROM portal_sessions WHERE developer_id = @Id",
            new { other.Id }
        );
        await here.Post(Page, "sessions", ("end", foreignId));
        (await foreign.IsSignedIn()).ShouldBeTrue();

        var id = await servers.Main.Installation.Query<string>(
            "SELECT MIN(id) FROM portal_sessions WHERE developer_id = @Id AND id > (SELECT MIN(id) FROM portal_sessions WHERE "
                + "developer_id = @Id)",
            new { account.Id }
        );
        await here.Post(Page, "sessions", ("end", id));
        (await there.IsSignedIn()).ShouldBeFalse();
        (await elsewhere.IsSignedIn()).ShouldBeTrue();
        await here.Post(Page, "sessions", ("others", "1"));
        (await elsewhere.IsSignedIn()).ShouldBeFalse();
        (await here.IsSignedIn()).ShouldBeTrue();
        (await foreign.IsSignedIn()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    public async Task A_name_that_cannot_be_is_refused(string name)
    {
        var account = await PortalAccount.Create(servers.Main);
        (await (await account.SignIn()).Post(Page, "name", ("name", name))).Text.ShouldContain("A name must have 1 to 100 characters");
        (await servers.Main.Installation.Query<string>("SELECT name FROM developers WHERE id = @Id", new { account.Id })).ShouldBe("dev");
    }

    [Fact]
    public async Task A_key_that_was_shown_counts_only_after_its_first_code()
    {
        const string page = $"{Page}/authenticator";
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await client.Post(page, "begin");
        (await client.Post(page, "confirm", ("code", "000000"))).Text.ShouldContain("not the code");
        (await account.SignIn()).Session.ShouldNotBeNull(); // still without a second factor
        await client.Post(page, "cancel");
        (await client.Get(page)).Text.ShouldNotContain("Scan this");
    }

    [Theory]
    [InlineData("ten minutes have passed")]
    [InlineData("an older program began it")]
    [InlineData("the password is changed")]
    [InlineData("the password is reset")]
    public async Task A_key_that_waits_for_its_first_code_is_neither_shown_nor_confirmed_once(string something)
    {
        const string page = $"{Page}/authenticator";
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await client.Post(page, "begin");
        var shown = (await client.Get(page)).Text;
        var app = new Authenticator(new HtmlParser().ParseDocument(shown).QuerySelector("#copy-key")!.TextContent);
        var form = await client.Fields(page, "confirm");
        client = await Happens(something, account, client);
        (await client.Get(page)).Text.ShouldNotContain("Scan this");
        await client.Send(
            page,
            form,
            ("__RequestVerificationToken", (await client.Fields(page, "begin"))["__RequestVerificationToken"]),
            ("code", app.Code())
        );
        (
            await servers.Main.Installation.Query<string?>("SELECT totp_seed_sealed FROM developers WHERE id = @Id", new { account.Id })
        ).ShouldBeNull();
    }

    [Fact]
    public async Task Renewed_recovery_codes_put_the_old_ones_out_of_use_and_switching_off_takes_the_second_step_away()
    {
        const string page = $"{Page}/authenticator";
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var (_, old) = await account.EnableSecondFactor(client);
        (await client.PostAndFollow($"{Page}/recovery-codes", "renew")).Text.ShouldContain("These are new recovery codes");
        var browser = await account.SignIn();
        (await browser.Post("/portal/sign-in/code", "code", ("code", old[0]))).Text.ShouldContain("wrong");
        (await account.SignIn()).Session.ShouldBeNull();
        await client.Post(page, "off");
        (await account.SignIn()).Session.ShouldNotBeNull();
    }

    /// <summary>Gives the browser in which the account is signed in afterwards.</summary>
    private async Task<PortalClient> Happens(string something, PortalAccount account, PortalClient client)
    {
        switch (something)
        {
            case "ten minutes have passed":
                await servers.Main.Installation.Execute(
                    "UPDATE developers SET totp_pending_at = totp_pending_at - 600000 WHERE id = @Id",
                    new { account.Id }
                );
                return client;
            case "an older program began it":
                await servers.Main.Installation.Execute("UPDATE developers SET totp_pending_at = NULL WHERE id = @Id", new { account.Id });
                return client;
            case "the password is changed":
                await client.Post(PasswordPage, "password", ("password", Next));
                return client;
            default:
                await new PortalClient(servers.Main).Post("/portal/forgot", "forgot", ("email", account.Email));
                await new PortalClient(servers.Main).Post(
                    await PortalAccount.LastLinkTo(servers.Main, account.Email),
                    "reset",
                    ("password", Next)
                );
                return await account.SignIn(Next);
        }
    }

    private Task<string> EmailOf(PortalAccount account) =>
        servers.Main.Installation.Query<string>("SELECT email FROM developers WHERE id = @Id", new { account.Id });
}
