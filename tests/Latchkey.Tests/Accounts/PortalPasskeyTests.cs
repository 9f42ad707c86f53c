using static Latchkey.Tests.Accounts.PortalPasskeyFlows;

namespace Latchkey.Tests.Accounts;

/// <summary>Passkeys of portal accounts: added, used in place of the password or after it, and removed.</summary>
public sealed class PortalPasskeyTests(ServerFixture servers)
{
    [Fact]
    public async Task A_passkey_signs_in_without_a_password_and_without_a_second_factor()
    {
        var (account, client, passkey, codes) = await servers.Main.WithPasskey();
        using var _ = passkey;
        codes.Count.ShouldBe(10);
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.Kind.ShouldBe("portalPasskeyAdded");
        (await client.Get(PasskeysPage)).Text.ShouldContain("On one device");

        var browser = new PortalClient(servers.Main);
        (await browser.UsePasskey($"{SignInPage}?returnUrl=/portal/account", passkey)).Header("Location").ShouldBe("/portal/account");
        (await browser.Get("/portal/account")).Text.ShouldContain(account.Email);
        (await browser.Get(PasskeysPage)).ShouldBeOk(); // it is a proof of who it is
        await servers.Main.LogLine($"Portal: signed in by passkey, account {account.Id}");
    }

    [Fact]
    public async Task After_the_password_the_passkey_or_a_recovery_code_is_asked_for()
    {
        var (account, _, passkey, codes) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var browser = await account.SignIn();
        browser.Session.ShouldBeNull();
        (await browser.Get(SecondFactorPage)).Text.ShouldContain("Use your passkey, or a recovery code");
        passkey.UserVerified = false; // the password was the first factor
        (await browser.UsePasskey(SecondFactorPage, passkey)).Header("Location").ShouldBe("/portal");
        (await browser.IsSignedIn()).ShouldBeTrue();

        var other = await account.SignIn();
        (await other.Post(SecondFactorPage, "code", ("code", codes[0]))).Header("Location").ShouldBe("/portal");
        (await other.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task With_an_authenticator_app_beside_it_either_will_do()
    {
        var (account, client, passkey, first) = await (await servers.Unlimited()).WithPasskey();
        using var _ = passkey;
        var (app, codes) = await account.EnableSecondFactor(client);
        await account.ResetTotpSteps();
        var browser = await account.SignIn();
        (await browser.Post(SecondFactorPage, "code", ("code", first[0]))).Text.ShouldContain("wrong"); // they were replaced
        (await browser.Post(SecondFactorPage, "code", ("code", app.Code()))).Header("Location").ShouldBe("/portal");
        (await (await account.SignIn()).UsePasskey(SecondFactorPage, passkey)).Header("Location").ShouldBe("/portal");

        await client.Post("/portal/account/authenticator", "off");
        (await PortalAccount.LastMailTo(client.Server, account.Email))!.Envelope.Kind.ShouldBe("portalAuthenticatorOff");
        var again = await account.SignIn();
        again.Session.ShouldBeNull();
        (await again.Post(SecondFactorPage, "code", ("code", codes[0]))).Header("Location").ShouldBe("/portal");
    }

    [Fact]
    public async Task A_second_passkey_leaves_the_recovery_codes_and_both_sign_in()
    {
        var (account, client, first, codes) = await servers.Main.WithPasskey();
        using var second = servers.Main.NewPasskey();
        (await client.AddPasskey(second, "Key in the safe")).Header("Location").ShouldBe($"{PasskeysPage}?done=added");
        (await client.Get(PasskeysPage)).Text.ShouldContain("Key in the safe");
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, first)).Header("Location").ShouldBe("/portal");
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, second)).Header("Location").ShouldBe("/portal");
        (await (await account.SignIn()).Post(SecondFactorPage, "code", ("code", codes[0]))).Header("Location").ShouldBe("/portal");
        first.Dispose();
    }

    [Fact]
    public async Task A_passkey_confirms_that_it_is_you_in_place_of_password_and_code()
    {
        var (account, client, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var stolen = client.Copy();
        await account.LetProofExpire();
        var asked = (await client.Get("/portal/account/password")).Header("Location")!;
        passkey.UserVerified = false;
        (await client.UsePasskey(asked, passkey)).Text.ShouldContain("This passkey was not accepted");
        passkey.UserVerified = true;
        (await client.UsePasskey(asked, passkey)).Header("Location").ShouldBe("/portal/account/password");
        (await client.Get("/portal/account/password")).ShouldBeOk();
        (await stolen.IsSignedIn()).ShouldBeFalse();
        await servers.Main.LogLine($"Portal: confirmed, account {account.Id}");
    }

    [Fact]
    public async Task Without_its_passkey_the_password_and_a_recovery_code_confirm_it()
    {
        var (account, client, passkey, codes) = await servers.Main.WithPasskey();
        passkey.Dispose();
        await account.LetProofExpire();
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password))).Text.ShouldContain("This code is wrong");
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", codes[0])))
            .Header("Location")
            .ShouldBe("/portal");
    }

    [Fact]
    public async Task Passkeys_are_renamed_and_removed_and_the_last_takes_the_recovery_codes_with_it()
    {
        var (account, client, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var page = await PageOf(account);
        (await client.Post(page, "rename", ("name", "see https://evil.example"))).Text.ShouldContain("without a link");
        (await client.PostAndFollow(page, "rename", ("name", "Laptop"))).Text.ShouldContain("Laptop");
        (await client.Get(page)).Text.ShouldContain("the recovery codes are deleted");
        (await client.PostAndFollow(page, "remove")).Text.ShouldContain("The passkey is removed");
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.Kind.ShouldBe("portalPasskeyRemoved");
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain("This passkey was not accepted");
        (await account.SignIn()).Session.ShouldNotBeNull();
        (await Count("developer_recovery_codes", account)).ShouldBe(0);
        (await client.Get(page)).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_password_reset_keeps_passkeys_and_an_operators_reset_removes_them()
    {
        var (account, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        await new PortalClient(servers.Main).Post("/portal/forgot", "forgot", ("email", account.Email));
        await WaitUntil.IsTrue(
            "the mail is there",
            async () => (await PortalAccount.LastMailTo(servers.Main, account.Email))?.Envelope.Kind == "portalResetPassword"
        );
        const string next = "another long portal password";
        await new PortalClient(servers.Main).Post(await PortalAccount.LastLinkTo(servers.Main, account.Email), "reset", ("password", next));
        (await account.SignIn(next)).Session.ShouldBeNull();
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Header("Location").ShouldBe("/portal");

        (await servers.Main.Installation.Run("developer", "reset-second-factor", "--email", account.Email)).ShouldSucceed();
        (await Count("developer_passkeys", account)).ShouldBe(0);
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain("This passkey was not accepted");
        (await account.SignIn(next)).Session.ShouldNotBeNull();
    }

    [Fact]
    public async Task Where_the_operator_requires_a_second_factor_a_passkey_is_one_and_the_last_cannot_go()
    {
        var server = await servers.Start();
        var account = await PortalAccount.Create(server);
        (await server.Installation.Run("installation", "set", "secondFactor=required")).ShouldSucceed();
        var client = await account.SignIn();
        var led = (await client.Get("/portal/applications/new")).Header("Location")!;
        (await client.Get(led)).Text.ShouldContain($"href=\"{PasskeysPage}?returnUrl=%2Fportal%2Fapplications%2Fnew\"");
        using var passkey = server.NewPasskey();
        var path = $"{PasskeysPage}?returnUrl=%2Fportal%2Fapplications%2Fnew";
        var (options, form) = await client.AskedBy(path);
        var shown = await client.Send(path, form, ("credential", passkey.Register(options)));
        (await client.Get(shown.Header("Location")!)).Text.ShouldContain("href=\"/portal/applications/new\"");
        (await client.Get("/portal/applications/new")).ShouldBeOk();

        var last = (await client.Get(await PageOf(account))).Text;
        last.ShouldContain("the operator requires one");
        last.ShouldNotContain("Remove this passkey");
        using var second = server.NewPasskey();
        await client.AddPasskey(second);
        (await client.Post(await PageOf(account), "remove")).Header("Location").ShouldBe($"{PasskeysPage}?done=removed");
    }

    [Fact]
    public async Task An_account_has_at_most_twenty()
    {
        var (account, client, passkey, _) = await servers.Main.WithPasskey();
        passkey.Dispose();
        await servers.Main.Installation.Execute("UPDATE developers SET passkey_count = 20 WHERE id = @Id", new { account.Id });
        using var another = servers.Main.NewPasskey();
        (await client.AddPasskey(another)).Text.ShouldContain("at most 20 passkeys");
    }

    [Theory]
    [InlineData("http://192.0.2.1")]
    [InlineData("http://latchkey.example")]
    public async Task Where_browsers_make_no_passkeys_none_are_offered_and_the_page_says_why(string publicUrl)
    {
        var server = await servers.Start("--public-url", publicUrl, "--insecure-http", "on");
        (await new PortalClient(server).Get(SignInPage)).Text.ShouldNotContain("passkey");
        var client = await (await PortalAccount.Create(server)).SignIn();
        (await client.Get(PasskeysPage)).Text.ShouldContain("browsers make no passkeys for it");
    }

    [Fact]
    public async Task A_passkey_of_an_earlier_domain_stays_a_second_factor_and_a_recovery_code_gets_past_it()
    {
        var (account, client, passkey, codes) = await servers.Main.WithPasskey();
        passkey.Dispose();
        await servers.Main.Installation.Execute(
            "UPDATE developer_passkeys SET rp_id = 'old.example' WHERE developer_id = @Id",
            new { account.Id }
        );
        (await client.Get(PasskeysPage)).Text.ShouldContain("made for old.example, no longer usable");
        var browser = await account.SignIn();
        browser.Session.ShouldBeNull();
        (await browser.Get(SecondFactorPage)).Text.ShouldContain("made for another address of this portal");
        (await browser.Post(SecondFactorPage, "code", ("code", codes[0]))).Header("Location").ShouldBe("/portal");
    }

    private Task<long> Count(string table, PortalAccount account) =>
        servers.Main.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE developer_id = @Id", new { account.Id });

    /// <summary>The page of the account's newest passkey.</summary>
    private static async Task<string> PageOf(PortalAccount account) =>
        $"{PasskeysPage}/"
        + await account.Server.Installation.Query<string>(
            "SELECT MAX(id) FROM developer_passkeys WHERE developer_id = @Id",
            new { account.Id }
        );
}
