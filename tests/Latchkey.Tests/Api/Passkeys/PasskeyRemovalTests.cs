using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>What ends passkeys, and what keeps them: deletion, reset, another domain, the switch.</summary>
public sealed class PasskeyRemovalTests(ServerFixture servers)
{
    private const string Ann = PasskeyRefusals.Handle;

    [Fact]
    public async Task A_deleted_passkey_signs_in_no_more()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        (await all.Ann.DeletePasskey()).ShouldBeTrue();
        (await all.App.LoginWithPasskey(all.Phone)).ShouldFailWith(600);
        (await all.Ann.Passkeys()).GetProperty("allAcceptedCredentialIds").GetArrayLength().ShouldBe(0);
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk(); // and can be registered again
    }

    [Fact]
    [Covers(719)]
    public async Task The_last_way_in_stays()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        await all.App.Installation.Execute("UPDATE users SET password_hash = NULL WHERE app_id = @Id", new { all.App.Id });
        (await all.Ann.DeletePasskey()).ShouldFailWith(719);
        using var key = new SoftAuthenticator();
        (await all.Ann.AddPasskey(key)).ShouldBeOk();
        var ids = (await all.Ann.Passkeys())
            .GetProperty("passkeys")
            .EnumerateArray()
            .Select(one => one.GetProperty("id").GetString())
            .ToList();
        var answers = await Task.WhenAll(ids.Select(id => all.Ann.Post("passkeyDelete", new { id })));
        answers.Select(answer => answer.Code).Order().ShouldBe([null, 719]);
        (await all.App.PasskeyCount()).ShouldBe(1);
    }

    [Fact]
    [Covers(718)]
    public async Task Only_the_own_passkeys_are_renamed_and_deleted()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var bob = await all.App.CreateUser("bob@example.com");
        var id = (await all.Ann.Passkey()).GetProperty("id").GetString();
        (await bob.Post("passkeyRename", new { id, name = "Bob's" })).ShouldFailWith(718);
        (await bob.Post("passkeyDelete", new { id })).ShouldFailWith(718);
        (await all.Ann.Post("passkeyRename", new { id, name = "" })).ShouldFailWith(403);
        (await all.Ann.Post("passkeyRename", new { id, name = "see https://evil.example" })).ShouldFailWith(602);
        (await all.Ann.Post("passkeyRename", new { id, name = new string('x', 65) })).ShouldFailWith(602);
        (await all.Ann.Post("passkeyRename", new { id, name = "Ann's phone" })).ShouldBeTrue();
        (await all.Ann.Passkey()).GetProperty("name").GetString().ShouldBe("Ann's phone");
    }

    [Fact]
    public async Task A_reset_of_an_address_that_was_never_verified_removes_the_earlier_owners_passkeys()
    {
        var app = await (await servers.Unlimited()).CreateApp(PasskeyFlows.Settings);
        var stranger = await app.CreateUser(Ann); // signed up with Ann's address, which nobody verified
        using var theirs = new SoftAuthenticator();
        (await stranger.AddPasskey(theirs)).ShouldBeOk();
        await app.ForgotPassword(Ann);
        (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        (await app.LoginWithPasskey(theirs)).ShouldFailWith(600);
        (await (await app.Login(Ann, AppFlows.NewPassword)).Passkeys()).GetProperty("passkeys").GetArrayLength().ShouldBe(0);
        (await app.PasskeyCount()).ShouldBe(0);
    }

    [Fact]
    public async Task A_reset_of_a_verified_address_keeps_the_passkeys()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code", "passkeysEnabled=1", "passkeyRpId=example.org");
        var ann = await app.CreateUserByCode(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        await app.ForgotPassword(Ann);
        (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        app.ParseTokens(await app.LoginWithPasskey(phone)).Id().ShouldBe(ann.Id());
    }

    [Fact]
    public async Task Passkeys_of_another_domain_wait_until_it_comes_back()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        (await app.PasskeyCount()).ShouldBe(1);
        await app.Set("passkeyRpId=example.com");
        (await app.PasskeyCount()).ShouldBe(0);
        (await app.LoginWithPasskey(phone)).ShouldFailWith(600);
        (await ann.Passkey()).GetProperty("usable").GetBoolean().ShouldBeFalse();
        (await ann.Passkeys()).GetProperty("allAcceptedCredentialIds").GetArrayLength().ShouldBe(0);
        app.ParseTokens(await app.TryLogin(Ann)); // they are no factor now
        await app.Set("passkeyRpId=example.org");
        (await app.PasskeyCount()).ShouldBe(1);
        (await app.BeginLogin()).Methods.ShouldBe(["passkey", "recovery"]);
        app.ParseTokens(await app.LoginWithPasskey(phone)).Id().ShouldBe(ann.Id());
    }

    [Fact]
    public async Task Deleting_one_of_another_domain_leaves_the_others_counted()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        await all.App.Set("passkeyRpId=example.com");
        using var key = new SoftAuthenticator { Origin = "https://example.com" };
        (await all.Ann.AddPasskey(key)).ShouldBeOk();
        var old = (await all.Ann.Passkeys()).GetProperty("passkeys")[1];
        old.GetProperty("usable").GetBoolean().ShouldBeFalse();
        (await all.Ann.Post("passkeyDelete", new { id = old.GetProperty("id").GetString() })).ShouldBeTrue();
        (await all.App.PasskeyCount()).ShouldBe(1);
        all.App.ParseTokens(await all.App.LoginWithPasskey(key));
    }

    [Fact]
    [Covers(716)]
    public async Task Switched_off_nothing_of_passkeys_is_answered()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var id = (await all.Ann.Passkey()).GetProperty("id").GetString();
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        await all.App.Set("passkeysEnabled=0");
        (await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json))).ShouldFailWith(716);
        (await all.App.Post("passkeyLoginOptions", new { })).ShouldFailWith(716);
        (await all.Ann.Ask()).ShouldFailWith(716);
        (await all.Ann.Register("x", "{}")).ShouldFailWith(716);
        (await all.Ann.Get("passkeys")).ShouldFailWith(716);
        (await all.Ann.Post("passkeyRename", new { id, name = "x" })).ShouldFailWith(716);
        (await all.Ann.Post("passkeyDelete", new { id })).ShouldFailWith(716);
        (await all.Ann.Post("stepUpFactor", new { method = "passkey" })).ShouldFailWith(602);
        await all.App.Set("passkeysEnabled=1");
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
    }

    [Fact]
    public async Task A_user_has_at_most_20()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var last = await all.Ann.Ask();
        foreach (var _ in Enumerable.Range(0, 19))
        {
            using var one = new SoftAuthenticator();
            (await all.Ann.AddPasskey(one)).ShouldBeOk();
        }

        (await all.Ann.Ask()).ShouldFailWith(602);
        using var late = new SoftAuthenticator();
        (await all.Ann.Register(last.RequestToken(), late.Register(last.Json))).ShouldFailWith(602);
        (await all.App.PasskeyCount()).ShouldBe(20);
    }

    [Fact]
    public async Task Anonymous_users_have_none()
    {
        var app = await (await servers.Unlimited()).CreateApp([.. PasskeyFlows.Settings, "anonymousLoginEnabled=1"]);
        (await (await app.LoginAnonymous("ANON_1")).Ask()).ShouldFailWith(602);
    }

    [Fact]
    [Covers(717)]
    public async Task Deleted_users_sign_in_no_more()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        (await all.Ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeTrue();
        (await all.App.LoginWithPasskey(all.Phone)).ShouldFailWith(600);
        (await all.App.Installation.Query<long>("SELECT COUNT(*) FROM passkeys WHERE app_id = @Id", new { all.App.Id })).ShouldBe(0);
        (await all.App.PasskeyLogin("x", "{}")).ShouldFailWith(717);
    }
}
