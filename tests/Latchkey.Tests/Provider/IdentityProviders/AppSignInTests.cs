namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>providerLogin and providerLoginComplete: an app that signs in with another provider by a browser.</summary>
public sealed class AppSignInTests(ServerFixture servers)
{
    private const string Https = "https://app.example.com/callback";
    private const string Scheme = "com.example.app:/callback?from=latchkey";

    [Fact]
    public async Task The_app_gets_a_code_that_only_its_verifier_can_use_once()
    {
        await using var ann = await Create();
        var code = await ann.Browser.Open(ann.Lying.SignIn(await Begin(ann)));
        code.Away.ShouldNotBeNull(code.Text).ShouldStartWith($"{Https}?code=");
        code["state"].ShouldBe("of the app");
        (await ann.Browser.Authorize(ann.Client, ("prompt", "none"))).Error.ShouldBe("login_required"); // the browser is not signed in
        (await Complete(ann, code.Code, "another-verifier-another-verifier-another-verifier")).ShouldFailWith(854);
        (await Complete(ann, code.Code)).ShouldFailWith(854); // used up by the wrong one

        code = await ann.Browser.Open(ann.Lying.SignIn(await Begin(ann)));
        var user = ann.Provider.App.ParseTokens(await Complete(ann, code.Code));
        user.Claims.GetProperty("sub").GetString().ShouldBe("ann@example.com");
        (await Complete(ann, code.Code)).ShouldFailWith(854);
        (await ann.Count("users")).ShouldBe(1);
        var logged = await ann.Provider.Installation.Query<int>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @AppId AND action = 'providerLoginComplete' AND code = 0",
            new { ann.AppId }
        );
        logged.ShouldBe(1);
    }

    [Fact]
    public async Task A_scheme_that_any_app_can_have_is_reached_by_a_button_only()
    {
        await using var ann = await Create();
        var page = (await ann.Browser.Open(await Address(ann, Scheme))).ShouldBePage("login/via/other/app");
        var url = ViaVisitor.AddressOf(await ann.Browser.Submit(page, null));
        var code = await ann.Browser.Open(ann.Lying.SignIn(url));
        code.Away.ShouldNotBeNull(code.Text).ShouldStartWith($"{Scheme}&code=");
        (await Complete(ann, code.Code)).ShouldBeOk();
    }

    [Theory]
    [InlineData("redirectUri", "https://app.example.com/callback/")]
    [InlineData("redirectUri", "https://evil.example/callback")]
    [InlineData("redirectUri", "https://APP.example.com/callback")]
    [InlineData("codeChallenge", "short")]
    [InlineData("codeChallenge", "+++++++++++++++++++++++++++++++++++++++++++")]
    [InlineData("provider", "nobody")]
    public async Task What_is_not_the_applications_is_refused(string name, string value)
    {
        await using var ann = await Create();
        var parameters = Parameters(Https);
        parameters[name] = value;
        (await ann.Provider.App.Post("providerLogin", parameters)).ShouldFailWith(name == "provider" ? 851 : 602);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_as_at_every_login()
    {
        await using var ann = await Create("twoFactorVerification=google");
        var user = await ann.Provider.App.CreateUser("ann@example.com");
        await user.EnableAuthenticator();
        await ann.Link(user.Id());
        var code = await ann.Browser.Open(ann.Lying.SignIn(await Begin(ann)));
        (await Complete(ann, code.Code)).ShouldBeOk().Json.TryGetProperty("login-token", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_app_is_told_when_nobody_is_signed_in()
    {
        await using var ann = await Create();
        await ann.Provider.App.CreateUser("ann@example.com");
        var exists = (await ann.Browser.Open(ann.Lying.SignIn(await Begin(ann)))).ShouldBePage("login/via/other/exists");
        exists.Document.QuerySelector("a.button")!.GetAttribute("href").ShouldBe($"{Https}?error=account_exists&state=of%20the%20app");
        ann.Lying.Claims = claims => claims["nonce"] = "another";
        (await ann.Browser.Open(ann.Lying.SignIn(await Begin(ann))))["error"].ShouldBe("login_failed");
        (await ann.Count("user_identities")).ShouldBe(0);
    }

    [Fact]
    public async Task An_address_of_another_application_or_after_ten_minutes_opens_nothing()
    {
        await using var ann = await Create();
        var address = await Address(ann, Https);
        var stranger = await ProviderApp.Create(servers, $"providerRedirectUris={Https}");
        using var browser = new Browser(stranger);
        (await browser.Open(address.Replace(ann.AppId, stranger.Id, StringComparison.Ordinal))).Page.ShouldBe("login");
        await ann.Provider.App.Set("providerRedirectUris=https://app.example.com/other");
        (await ann.Browser.Open(address)).ShouldBePage("login");
    }

    private Task<ViaVisitor> Create(params string[] settings) =>
        ViaVisitor.Create(servers, null, [$"providerRedirectUris={Https} {Scheme}", .. settings]);

    /// <summary>Where the provider is asked.</summary>
    private static async Task<string> Begin(ViaVisitor ann)
    {
        var visit = await ann.Browser.Open(await Address(ann, Https));
        return visit.Away ?? throw new InvalidOperationException(visit.Text);
    }

    private static async Task<string> Address(ViaVisitor ann, string redirectUri) =>
        (await ann.Provider.App.Post("providerLogin", Parameters(redirectUri))).ShouldBeOk().Json.GetProperty("url").GetString()!;

    private static Dictionary<string, string> Parameters(string redirectUri) =>
        new()
        {
            ["provider"] = ViaVisitor.Alias,
            ["redirectUri"] = redirectUri,
            ["codeChallenge"] = ProviderApp.ChallengeOf(ProviderApp.Verifier),
            ["state"] = "of the app",
        };

    private static Task<Reply> Complete(ViaVisitor ann, string code, string verifier = ProviderApp.Verifier) =>
        ann.Provider.App.Post(
            "providerLoginComplete",
            new
            {
                code,
                codeVerifier = verifier,
                deviceName = "phone",
            }
        );
}
