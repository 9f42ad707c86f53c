using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Cryptography;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Clients send browsers here to sign out (OpenID Connect RP-Initiated Logout).</summary>
public sealed class LogoutTests(ServerFixture servers)
{
    private static readonly string LongState = new('s', 128);

    [Fact]
    public async Task L_01_RpInitiatedLogoutDiscoveryEndpointVerification_the_metadata_name_the_endpoint()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var metadata = (await ann.App.App.Server.Get($"/apps/{ann.App.Id}/.well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("end_session_endpoint").GetString().ShouldBe($"{ann.App.Issuer}/oauth2/logout");
    }

    [Fact]
    public async Task L_02_RpInitiatedLogout_ends_the_session_and_comes_back_with_the_state()
    {
        using var ann = await SignedInBrowser.Start(servers);
        (await ann.SignOut()).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        var after = await ann.Browser.Authorize(ann.Client, ("prompt", "none"), ("state", LongState));
        after.ShouldBeRefused(ann.App, "login_required")["state"].ShouldBe(LongState);
    }

    [Fact]
    public async Task L_03_RpInitiatedLogoutBadLogoutRedirectUri_stays_here() =>
        await ShouldStay(("post_logout_redirect_uri", "https://client.example.com/bad_post_logout_redirect_uri"));

    [Fact]
    public async Task L_04_RpInitiatedLogoutModifiedIdTokenHint_stays_here()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var unsigned = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{ann.IdToken.Split('.')[1]}.";
        (await ann.SignOut(("id_token_hint", unsigned))).ShouldBeErrorPage("invalid_request");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task L_05_RpInitiatedLogoutNoIdTokenHint_stays_here() => await ShouldStay(("id_token_hint", null));

    [Fact]
    public async Task L_06_RpInitiatedLogoutNoParams_signs_out_after_one_question()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var asked = await ann.Browser.Open("oauth2/logout");
        asked.Away.ShouldBeNull();
        asked.Text.ShouldContain(SignedInBrowser.Ann);
        (await ann.IsSignedIn()).ShouldBeTrue();
        var done = await Press(ann, asked, "sign-out");
        done.Away.ShouldBeNull();
        done.Heading.ShouldBe("You are signed out");
        (await ann.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task L_07_RpInitiatedLogoutNoPostLogoutRedirectUri_says_so_on_a_page()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var done = await ann.SignOut(("post_logout_redirect_uri", null));
        done.Away.ShouldBeNull();
        done.Heading.ShouldBe("You are signed out");
        (await ann.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task L_08_RpInitiatedLogoutNoState_comes_back_without_one()
    {
        using var ann = await SignedInBrowser.Start(servers);
        (await ann.SignOut(("state", null))).Away.ShouldBe(SignedInBrowser.Bye);
        (await ann.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task L_09_RpInitiatedLogoutOnlyState_says_so_on_a_page()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var asked = await ann.SignOut(("id_token_hint", null), ("post_logout_redirect_uri", null));
        var done = await Press(ann, asked, "sign-out");
        done.Away.ShouldBeNull();
        done.Heading.ShouldBe("You are signed out");
    }

    [Fact]
    public async Task L_10_RpInitiatedLogoutQueryAddedToLogoutRedirectUri_stays_here() =>
        await ShouldStay(("post_logout_redirect_uri", $"{SignedInBrowser.Bye}?foo=bar"));

    [Fact]
    public async Task L_11_RpInitiatedLogoutBadIdTokenHint_stays_here()
    {
        using var ann = await SignedInBrowser.Start(servers);
        using var foreign = new RsaKey(RsaKeys.Get().ExportParameters(true), "foreign");
        var hint = Jwt.Write(
            foreign,
            "JWT",
            claims =>
            {
                claims.WriteString("iss", ann.Client.Id);
                claims.WriteString("aud", ann.App.Issuer);
                claims.WriteString("sub", "nobody");
                claims.WriteString("sid", ann.Claims.GetProperty("sid").GetString());
                claims.WriteString("at_hash", "x");
            }
        );
        (await ann.SignOut(("id_token_hint", hint))).ShouldBeErrorPage("invalid_request");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task RPI_01_A_form_works_as_an_address_does()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var visit = await ann.Browser.Post("oauth2/logout", ann.LogoutParameters(), origin: "https://client.example.com");
        visit.Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        (await ann.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task RPI_02_The_hint_of_another_client_changes_nothing()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var other = await ann.App.AddClient(ClientType.Web, settings => settings with { PostLogoutUris = [SignedInBrowser.Bye] });
        (await ann.SignOut(("client_id", other.Id))).ShouldBeErrorPage("invalid_request");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task RPI_03_A_hint_that_has_expired_is_a_hint()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var claims = JsonNode.Parse(ann.Claims.GetRawText())!.AsObject();
        claims["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 86_400;
        (await ann.SignOut(("id_token_hint", await Sign(ann, claims)))).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        (await ann.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task RPI_04_The_hint_of_another_session_asks_and_no_keeps_the_user_signed_in()
    {
        using var ann = await SignedInBrowser.Start(servers);
        await ann.App.App.CreateUser("bob@example.com");
        using var bob = new Browser(ann.App);
        (await bob.SignInAndAllow(ann.Client, "bob@example.com")).ShouldHaveCode(ann.App);
        var asked = await ann.SignOutIn(bob);
        asked.Away.ShouldBeNull();
        asked.Text.ShouldContain("bob@example.com");
        var stayed = await bob.Post(ActionOf(asked), [.. Browser.FieldsOf(asked, "stay")]);
        stayed.Heading.ShouldBe("You are still signed in");
        (await bob.Authorize(ann.Client, ("prompt", "none"))).ShouldHaveCode(ann.App);
        (await ann.IsSignedIn()).ShouldBeTrue();
        var signedOut = await bob.Post(ActionOf(asked), [.. Browser.FieldsOf(asked, "sign-out")]);
        signedOut.Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        (await bob.Authorize(ann.Client, ("prompt", "none"))).ShouldBeRefused(ann.App, "login_required");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task RPI_05_The_hint_of_this_session_asks_nothing()
    {
        using var ann = await SignedInBrowser.Start(servers);
        (await ann.SignOut()).Steps.ShouldBe([HttpStatusCode.SeeOther]);
    }

    [Fact]
    public async Task RPI_06_The_hint_of_no_session_asks()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var claims = JsonNode.Parse(ann.Claims.GetRawText())!.AsObject();
        claims["sid"] = Secrets.Token();
        var asked = await ann.SignOut(("id_token_hint", await Sign(ann, claims)));
        asked.Away.ShouldBeNull();
        asked.Text.ShouldContain(SignedInBrowser.Ann);
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task RPI_07_A_client_without_a_hint_gets_the_browser_back_after_a_question()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var asked = await ann.SignOut(("id_token_hint", null), ("client_id", ann.Client.Id));
        asked.Away.ShouldBeNull();
        (await ann.IsSignedIn()).ShouldBeTrue();
        (await Press(ann, asked, "sign-out")).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        using var nobody = new Browser(ann.App);
        (await ann.SignOutIn(nobody, ("id_token_hint", null), ("client_id", ann.Client.Id))).Away.ShouldBeNull();
    }

    [Theory]
    [InlineData("https://client.example.com/Bye")]
    [InlineData("https://CLIENT.example.com/bye")]
    [InlineData("https://client.example.com/bye/")]
    [InlineData("https://client.example.com/bye?")]
    [InlineData("https://client.example.com:443/bye")]
    [InlineData("https://client.example.com/%62ye")]
    [InlineData("https://client.example.com/./bye")]
    [InlineData("https://client.example.com@evil.example/bye")]
    [InlineData("//client.example.com/bye")]
    [InlineData("javascript:alert(1)")]
    public async Task RPI_08_Another_spelling_is_another_address(string uri) => await ShouldStay(("post_logout_redirect_uri", uri));

    [Fact]
    public async Task RPI_09_Unknown_hints_and_languages_are_no_error()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var visit = await ann.SignOut(("ui_locales", "xx-XX de"), ("logout_hint", "somebody"), ("unknown", "1"));
        visit.Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
    }

    [Fact]
    public async Task RPI_10_Nobody_is_signed_in_and_the_hint_is_good()
    {
        using var ann = await SignedInBrowser.Start(servers);
        using var nobody = new Browser(ann.App);
        (await ann.SignOutIn(nobody)).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task RPI_12_No_error_leads_to_the_client()
    {
        using var ann = await SignedInBrowser.Start(servers);
        foreach (
            var (name, value) in new[]
            {
                ("id_token_hint", "nonsense"),
                ("id_token_hint", ann.AccessToken),
                ("client_id", "unknown"),
                ("state", "a&state=b"),
            }
        )
        {
            var visit =
                name == "state"
                    ? await ann.Browser.Open(
                        $"oauth2/logout?post_logout_redirect_uri={Uri.EscapeDataString(SignedInBrowser.Bye)}&state={value}"
                    )
                    : await ann.SignOut((name, value));
            visit.ShouldBeErrorPage("invalid_request");
            (await ann.IsSignedIn()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_out()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var asked = await ann.Browser.Open("oauth2/logout");
        var fields = Browser.FieldsOf(asked, "sign-out").ToList();
        (await ann.Browser.Post("logout", fields, origin: "https://evil.example")).Heading.ShouldNotBe("You are signed out");
        (await ann.Browser.Post("logout", fields.Where(field => field.Name != "form-key"))).Heading.ShouldNotBe("You are signed out");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task Signing_out_ends_the_clients_tokens()
    {
        using var ann = await SignedInBrowser.Start(servers);
        (await UserInfo(ann)).Status.ShouldBe(HttpStatusCode.OK);
        (await ann.SignOut()).Away.ShouldNotBeNull();
        (await UserInfo(ann)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task BCL_09_Signing_out_ends_refresh_tokens_unless_a_setting_lets_them_live()
    {
        foreach (var outlives in new[] { false, true })
        {
            using var ann = await SignedInBrowser.Start(servers);
            await ann.App.App.Set($"offlineOutlivesLogout={(outlives ? 1 : 0)}");
            var code = (await ann.Browser.Authorize(ann.Client, ("scope", "openid offline_access"))).Code;
            var refresh = (await ann.Client.Exchange(code)).ShouldBeOk().Json.GetProperty("refresh_token").GetString()!;
            (await ann.SignOut()).Away.ShouldNotBeNull();
            var reply = await ann.Client.Token(("grant_type", "refresh_token"), ("refresh_token", refresh));
            reply.Status.ShouldBe(outlives ? HttpStatusCode.OK : HttpStatusCode.BadRequest, reply.Text);
        }
    }

    [Fact]
    public async Task K_01_BackchannelLogoutDiscoveryEndpointVerification_the_metadata_say_so()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var metadata = (await ann.App.App.Server.Get($"/apps/{ann.App.Id}/.well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("backchannel_logout_supported").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("backchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("end_session_endpoint").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task K_02_BackChannelRpInitiatedLogout_tells_the_client_before_the_browser_is_back()
    {
        await using var receiver = await LogoutReceiver.Start();
        using var ann = await SignedInBrowser.Start(servers, settings => settings with { LogoutUri = receiver.Uri });
        (await ann.SignOut()).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        receiver.Claims.Single().GetProperty("sid").GetString().ShouldBe(ann.Claims.GetProperty("sid").GetString());
    }

    [Fact]
    public async Task K_13_The_browser_is_back_though_the_client_does_not_answer()
    {
        await using var receiver = await LogoutReceiver.Start();
        var never = new TaskCompletionSource();
        receiver.IsSlow = never.Task;
        using var ann = await SignedInBrowser.Start(servers, settings => settings with { LogoutUri = receiver.Uri });
        (await ann.SignOut()).Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        receiver.Forms.Count.ShouldBe(1);
        never.SetResult();
    }

    [Fact]
    public async Task K_14_Afterwards_nobody_is_signed_in()
    {
        await using var receiver = await LogoutReceiver.Start();
        using var ann = await SignedInBrowser.Start(servers, settings => settings with { LogoutUri = receiver.Uri });
        (await ann.SignOut()).Away.ShouldNotBeNull();
        (await ann.Browser.Authorize(ann.Client, ("prompt", "none"))).ShouldBeRefused(ann.App, "login_required");
    }

    private async Task ShouldStay(params (string Name, string? Value)[] changes)
    {
        using var ann = await SignedInBrowser.Start(servers);
        (await ann.SignOut(changes)).ShouldBeErrorPage("invalid_request");
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    private static Task<Visit> Press(SignedInBrowser ann, Visit asked, string action) =>
        ann.Browser.Post(ActionOf(asked), [.. Browser.FieldsOf(asked, action)]);

    private static string ActionOf(Visit asked) => asked.Form(null).GetAttribute("action")!;

    private static Task<Reply> UserInfo(SignedInBrowser ann)
    {
        var server = ann.App.App.Server;
        var request = server.Request(HttpMethod.Get, $"/apps/{ann.App.Id}/oauth2/userinfo", ("Authorization", $"Bearer {ann.AccessToken}"));
        return server.Send(request, "127.0.0.1");
    }

    /// <summary>A token with these claims, signed with the application's own key.</summary>
    private static async Task<string> Sign(SignedInBrowser ann, JsonObject claims)
    {
        var cache = await ann.App.Installation.Get<Latchkey.Applications.ApplicationCache>();
        return Jwt.Write(
            (await cache.Find(ann.App.Id))!.SigningKey,
            "JWT",
            writer =>
            {
                foreach (var (name, value) in claims)
                {
                    writer.WritePropertyName(name);
                    value!.WriteTo(writer);
                }
            }
        );
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
