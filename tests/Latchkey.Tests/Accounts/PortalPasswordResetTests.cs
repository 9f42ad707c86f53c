using System.Net;
using Latchkey.Accounts;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Accounts;

/// <summary>A new password for a portal account, by a mailed link.</summary>
public sealed class PortalPasswordResetTests(ServerFixture servers)
{
    private const string Next = "another long portal password";

    [Fact]
    public async Task The_link_sets_a_new_password_once_and_signs_every_browser_out()
    {
        var account = await PortalAccount.Create(servers.Main);
        var signedIn = await account.SignIn();
        var link = await Ask(account);
        var browser = new PortalClient(servers.Main);
        (await browser.Post(link, "reset", ("password", "short"))).Text.ShouldContain("another password");
        var form = await browser.Fields(link, "reset");
        (await browser.Send(link, form, ("password", Next))).Header("Location").ShouldBe("/portal/sign-in?reset=1");
        (await signedIn.IsSignedIn()).ShouldBeFalse();
        browser.Session.ShouldBeNull();
        (await browser.Get(link)).Text.ShouldContain("is no longer valid");
        await account.SignIn(Next);
        (await new PortalClient(servers.Main).SignIn(account.Email, PortalAccount.Password)).Status.ShouldBe(HttpStatusCode.OK);
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Body.Subject.ShouldContain("was changed");
    }

    [Fact]
    public async Task Of_two_who_use_a_link_at_once_one_sets_the_password()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        for (var round = 0; round < 10; round++)
        {
            var link = await Ask(account);
            var browsers = new[] { new PortalClient(server), new PortalClient(server), new PortalClient(server) };
            var forms = await Task.WhenAll(browsers.Select(browser => browser.Fields(link, "reset")));
            var replies = await Task.WhenAll(
                browsers.Select((browser, at) => browser.Send(link, forms[at], ("password", $"{Next} {round} {at}")))
            );
            replies.Count(reply => reply.Status == HttpStatusCode.SeeOther).ShouldBe(1, $"round {round}");
            await account.SignIn($"{Next} {round} {replies.ToList().FindIndex(reply => reply.Status == HttpStatusCode.SeeOther)}");
        }
    }

    [Fact]
    public async Task The_second_factor_stays()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (_, codes) = await account.EnableSecondFactor(await account.SignIn());
        var link = await Ask(account);
        await new PortalClient(servers.Main).Post(link, "reset", ("password", Next));
        var browser = await account.SignIn(Next);
        browser.Session.ShouldBeNull();
        await browser.Post("/portal/sign-in/code", "code", ("code", codes[3]));
        (await browser.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task Known_and_unknown_and_suspended_addresses_are_answered_alike()
    {
        var (known, suspended, unknown) = (
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main),
            PortalAccount.UniqueEmail()
        );
        await servers.Main.Installation.Execute("UPDATE developers SET status = 'suspended' WHERE id = @Id", new { suspended.Id });
        foreach (var address in new[] { known.Email, suspended.Email, unknown })
        {
            var asked = await new PortalClient(servers.Main).Post("/portal/forgot", "forgot", ("email", address));
            (asked.Status, asked.Header("Location")).ShouldBe((HttpStatusCode.SeeOther, "/portal/forgot?sent=1"), address);
            var again = await new PortalClient(servers.Main).Post("/portal/forgot", "forgot", ("email", address));
            (again.Status, again.Text.Contains("Too many mails", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, true), address);
        }

        (await PortalAccount.LastMailTo(servers.Main, known.Email)).ShouldNotBeNull();
        (await PortalAccount.LastMailTo(servers.Main, suspended.Email)).ShouldBeNull();
        (await PortalAccount.LastMailTo(servers.Main, unknown)).ShouldBeNull();
    }

    [Fact]
    public async Task One_network_leaves_the_owner_of_an_address_one_mail_an_hour()
    {
        var (limits, address) = (await servers.Main.Installation.Get<PortalMailLimits>(), PortalAccount.UniqueEmail());
        for (var i = 0; i < 4; i++)
        {
            (await limits.TryAcquire(address, "192.0.2.1")).ShouldBeNull();
            await AMinutePasses(address);
        }

        (await limits.TryAcquire(address, "192.0.2.1")).ShouldNotBeNull();
        (await limits.TryAcquire(address, "192.0.2.2")).ShouldBeNull();
        await AMinutePasses(address);
        (await limits.TryAcquire(address, "192.0.2.3")).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_link_names_the_public_address_whatever_host_the_request_names()
    {
        var account = await PortalAccount.Create(servers.Main);
        var browser = new PortalClient(servers.Main);
        var form = await browser.Fields("/portal/forgot", "forgot");
        var request = servers.Main.Request(
            HttpMethod.Post,
            "/portal/forgot",
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example"),
            ("Cookie", $"latchkey-form={browser.Cookies["latchkey-form"]}")
        );
        form["email"] = account.Email;
        request.Content = new FormUrlEncodedContent(form);
        await servers.Main.Send(request);
        var mail = (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Body;
        mail.Link.ShouldStartWith($"{servers.Main.Address.GetLeftPart(UriPartial.Authority)}/portal/reset?token=");
        (mail.Html + mail.Text + mail.Subject).ShouldNotContain("evil.example");
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour_and_only_its_hash_is_stored()
    {
        var account = await PortalAccount.Create(servers.Main);
        var link = await Ask(account);
        var token = link.Split('=')[1];
        token.Length.ShouldBeGreaterThanOrEqualTo(43);
        (
            await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM developer_links WHERE token_hash = @token", new { token })
        ).ShouldBe(0);
        await servers.Main.Installation.Execute(
            "UPDATE developer_links SET expires_at = expires_at - 3600000 WHERE developer_id = @Id",
            new { account.Id }
        );
        (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("is no longer valid");
    }

    [Fact]
    public async Task A_changed_password_ends_links_that_were_mailed_before()
    {
        var account = await PortalAccount.Create(servers.Main);
        var link = await Ask(account);
        var client = await account.SignIn();
        (await client.Post("/portal/account/password", "password", ("password", Next))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("is no longer valid");
    }

    /// <summary>The new address may be anybody's: whoever reads its mail must not get the account.</summary>
    [Fact]
    public async Task The_link_to_a_new_address_sets_no_password()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (client, address) = (await account.SignIn(), PortalAccount.UniqueEmail("new"));
        (await client.Post("/portal/account/email", "email", ("email", address))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var link = await PortalAccount.LastLinkTo(servers.Main, address);
        var reset = $"{(await Ask(account)).Split('=')[0]}={link.Split('=')[1]}";
        (await new PortalClient(servers.Main).Get(reset)).Text.ShouldContain("is no longer valid");
        (await client.Post(link, "confirm")).Status.ShouldBe(HttpStatusCode.SeeOther); // it is good for what it was mailed for
    }

    private static async Task<string> Ask(PortalAccount account)
    {
        (await new PortalClient(account.Server).Post("/portal/forgot", "forgot", ("email", account.Email))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        return await PortalAccount.LastLinkTo(account.Server, account.Email);
    }

    private Task AMinutePasses(string address) =>
        servers.Main.Installation.Execute(
            "DELETE FROM limits WHERE bucket LIKE 'portal|messages to one address within a minute|%' AND bucket LIKE @address",
            new { address = "%|" + Secrets.Hash(address) }
        );
}
