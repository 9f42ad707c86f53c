using System.Text.Json.Nodes;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>When a sign-in with another provider counts as a proof of who is there now.</summary>
public sealed class ProviderFreshnessTests(ServerFixture servers)
{
    private const int AnHour = 3600;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Who_signed_in_there_an_hour_ago_signed_in_here_an_hour_ago()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var then = Now - AnHour;
        ann.Lying.Claims = claims => claims["auth_time"] = then;
        foreach (var browser in new[] { ann.Browser, new Browser(ann.Provider) }) // as a new user, and as a known one
        {
            var code = (await ann.SignIn(browser)).ShouldHaveCode(ann.Provider).Code;
            var tokens = (await ann.Client.Exchange(code)).ShouldBeOk().Json;
            var claims = LoggedInUser.DecodePart(tokens.GetProperty("id_token").GetString() ?? "", 1);
            claims.GetProperty("auth_time").GetInt64().ShouldBe(then);
            (await browser.Open("account/delete")).ShouldBePage("account/proof");
        }
    }

    [Theory]
    [InlineData(null)] // does not say
    [InlineData("0")] // now
    [InlineData("90000")] // a clock that is ahead
    [InlineData("\"yesterday\"")]
    public async Task A_provider_that_does_not_say_when_or_says_now_counts_as_now(string? later)
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Claims = claims =>
            claims["auth_time"] =
                later is null ? null
                : long.TryParse(later, out var seconds) ? Now + seconds
                : JsonNode.Parse(later);
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Open("account/delete")).ShouldBePage("account/delete");
        (
            await ann.Provider.Installation.Query<long>(
                "SELECT MAX(COALESCE(proved_at, created_at)) / 1000 FROM sessions WHERE app_id = @AppId",
                new { ann.AppId }
            )
        ).ShouldBeLessThan(Now + 1);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "600")]
    [Covers(855)]
    public async Task A_client_that_wants_a_new_sign_in_gets_none_that_is_older(string name, string value)
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Claims = claims => claims["auth_time"] = Now - AnHour;
        var page = (await ann.SignIn(changes: [(name, value)])).ShouldBePage("login");
        page.Text.ShouldContain("without asking who you are");
        ann.Lying.Request["max_age"].ShouldBe(name == "prompt" ? "0" : value);
        (await ann.Count("sessions")).ShouldBe(0);

        // Straight there by a hint it ends at the same page, and not in a circle.
        var away = await ann.Browser.Authorize(ann.Client, ("idp_hint", "other"), (name, value));
        (await ann.Browser.Open(ann.Lying.SignIn(away.Away ?? ""))).ShouldBePage("login").Text.ShouldContain("without asking");

        ann.Lying.Claims = claims => claims["auth_time"] = Now;
        (await ann.SignIn(changes: [(name, value)])).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_signed_in_user_proves_it_by_a_new_sign_in_with_the_own_provider()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.SignIn();
        var proof = await AskForProof(ann);
        ann.Lying.Claims = claims => claims["auth_time"] = Now - AnHour;
        var refused = (await Prove(ann, proof)).ShouldBePage("login/via/other");
        refused.Text.ShouldContain("without asking");
        (ann.Lying.Request["prompt"], ann.Lying.Request["max_age"]).ShouldBe(("login", "0"));
        await AskForProof(ann);

        ann.Lying.Claims = claims => claims["auth_time"] = Now;
        (await Prove(ann, refused)).ShouldBePage("account/delete");
        (await ann.Count("sessions")).ShouldBe(1); // the same one
        (
            await ann.Provider.Installation.Query<string>(
                "SELECT detail FROM audit WHERE app_id = @AppId AND action = 'stepUp'",
                new { ann.AppId }
            )
        ).ShouldBe("fed");
    }

    [Fact]
    public async Task Neither_somebody_elses_account_nor_another_session_proves_anything()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.SignIn();
        var proof = await AskForProof(ann);
        ann.Lying.Subject = "somebody-else";
        (await Prove(ann, proof)).ShouldBePage("login/via/other");
        (await ann.Cause()).ShouldContain("somebody else");
        await AskForProof(ann);

        ann.Lying.Subject = "248289761001";
        var url = ViaVisitor.AddressOf(await ViaVisitor.Press(ann.Browser, proof));
        await ann.SignIn(changes: [("prompt", "login")]);
        await AskForProof(ann); // of the new session
        (await ann.Browser.Open(ann.Lying.SignIn(url))).ShouldBePage("login");
        await AskForProof(ann);
    }

    [Fact]
    public async Task Who_has_a_second_factor_proves_it_by_that()
    {
        await using var ann = await ViaVisitor.Create(servers, null, "secondFactorPolicy=optional");
        await ann.SignIn();
        var proof = await AskForProof(ann);
        var url = ViaVisitor.AddressOf(await ViaVisitor.Press(ann.Browser, proof));
        await ann.Provider.Installation.Execute(
            "UPDATE users SET two_factor_phone = true, phone = '+4915112345678' WHERE app_id = @AppId",
            new { ann.AppId }
        );
        (await ann.Browser.Open("account/proof")).Html.ShouldNotContain("login/via/other");
        (await ann.Browser.Open(ann.Lying.SignIn(url))).ShouldBePage("login/via/other");
        (await ann.Cause()).ShouldContain("second factor");
    }

    [Fact]
    public async Task Who_is_signed_out_meanwhile_signs_in_and_comes_back()
    {
        await using var ann = await ViaVisitor.Create(servers);
        (await ann.Browser.Open("login/via/other?purpose=link")).Url.Query.ShouldBe("?continue=account/links");
        var signIn = await ann.Browser.Open("login/via/other?purpose=proof&continue=account/data");
        signIn.ShouldBePage("login").Url.Query.ShouldBe("?continue=account/data");
        (await ann.Browser.Open(ann.Lying.SignIn(ViaVisitor.AddressOf(await ViaVisitor.Press(ann.Browser, signIn))))).ShouldBePage(
            "account/data"
        );
    }

    /// <summary>A code, or a proved person, of the issuer before is nobody at the new one.</summary>
    [Fact]
    public async Task A_change_of_the_issuer_ends_what_was_begun_at_the_old_one()
    {
        await using var ann = await ViaVisitor.Create(servers, provider => provider with { SignupAllowed = false });
        await using var other = await LyingProvider.Start();
        await ann.Provider.App.CreateUser("ann@example.com");
        (await ann.SignIn()).ShouldBePage("login/via/other/exists"); // a proved person waits to be linked
        using var second = new Browser(ann.Provider);
        var answer = ann.Lying.SignIn(await ann.Leave(second));
        await ann.Change($"fields = 'issuer={other.Issuer}'");
        await WaitUntil.IsTrue(
            "the server knows the new issuer",
            async () => (await ann.Leave(new Browser(ann.Provider))).StartsWith(other.Issuer, StringComparison.Ordinal)
        );
        (await second.Open(answer)).ShouldBePage("login");
        (await ann.Cause()).ShouldContain("mix-up");
        other.Calls.ShouldBe(0);
        var login = await ann.Browser.Authorize(ann.Client);
        var offer = await ann.Browser.SignIn(login, "ann@example.com");
        (offer.Page, await ann.Count("user_identities")).ShouldBe(("login", 0));
    }

    [Theory]
    [InlineData("image", false)]
    [InlineData("iframe", false)]
    [InlineData("empty", false)]
    [InlineData("document", true)]
    public async Task Only_where_a_user_goes_does_a_hint_begin_a_sign_in(string destination, bool isBegun)
    {
        await using var ann = await ViaVisitor.Create(servers);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, ann.Client.AuthorizeUrl([("idp_hint", "other")]));
        request.Headers.Add("Sec-Fetch-Dest", destination);
        using var response = await http.SendAsync(request);
        var to = response.Headers.Location?.OriginalString ?? "";
        to.StartsWith(isBegun ? $"{ann.Lying.Issuer}/authorize" : $"{ann.Provider.Issuer}/login?", StringComparison.Ordinal)
            .ShouldBeTrue(to);
        (await ann.Count("provider_sign_ins")).ShouldBe(isBegun ? 1 : 0);
    }

    /// <summary>As if the sign-in was an hour ago: the page that asks for a proof, on the way to delete the account.</summary>
    private static async Task<Visit> AskForProof(ViaVisitor ann)
    {
        await ann.Provider.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - 3600000, proved_at = proved_at - 3600000 WHERE app_id = @AppId",
            new { ann.AppId }
        );
        return (await ann.Browser.Open("account/delete")).ShouldBePage("account/proof");
    }

    private static async Task<Visit> Prove(ViaVisitor ann, Visit page) =>
        await ann.Browser.Open(ann.Lying.SignIn(ViaVisitor.AddressOf(await ViaVisitor.Press(ann.Browser, page))));
}
