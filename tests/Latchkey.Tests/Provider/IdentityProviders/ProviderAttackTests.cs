namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Attacks on the way to another provider and back.</summary>
public sealed class ProviderAttackTests(ServerFixture servers)
{
    [Fact]
    [Covers(854)]
    public async Task An_answer_for_another_browser_signs_nobody_in()
    {
        await using var eve = await ViaVisitor.Create(servers);
        using var victim = new Browser(eve.Provider);
        var url = eve.Lying.SignIn(await eve.Leave());
        (await victim.Open(url)).ShouldBePage("login").Text.ShouldContain("another browser");
        await eve.Leave(victim); // has a cookie of its own now
        (await victim.Open(url)).ShouldBePage("login");
        (await victim.Authorize(eve.Client, ("prompt", "none"))).Error.ShouldBe("login_required");
        eve.Lying.Calls.ShouldBe(0);
        (await eve.Cause()).ShouldContain("no sign-in of this browser");
        (await eve.Browser.Open(url)).ShouldHaveCode(eve.Provider); // and nobody else's use ends it
    }

    [Fact]
    public async Task A_state_works_once()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var url = ann.Lying.SignIn(await ann.Leave());
        (await ann.Browser.Open(url)).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Open(url)).ShouldBePage("login");
        ann.Lying.Calls.ShouldBe(1);
        var sessions = await ann.Count("sessions");
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Race(ann)));
        replies.ShouldAllBe(one => one == 1);
        (await ann.Count("sessions")).ShouldBe(sessions + 10);
    }

    [Fact]
    public async Task A_state_that_is_guessed_or_missing_or_twice_is_none()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.Leave();
        foreach (var query in new[] { "", "?code=x", "?state=x&code=x", "?state=&code=x", "?state=a&state=b&code=x", "?answer=x" })
        {
            (await ann.Browser.Open($"login/via/other/callback{query}")).ShouldBePage("login");
        }

        ann.Lying.Calls.ShouldBe(0);
        (await ann.Count("sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task After_ten_minutes_it_is_too_late()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var url = ann.Lying.SignIn(await ann.Leave());
        await ann.Provider.Installation.Execute(
            "UPDATE provider_sign_ins SET expires_at = expires_at - 600000 WHERE app_id = @AppId",
            new { ann.AppId }
        );
        (await ann.Browser.Open(url)).ShouldBePage("login").Text.ShouldContain("took too long");
        ann.Lying.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_at_another_providers_address_is_a_mix_up()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await using var evil = await LyingProvider.Start();
        await ViaVisitor.AddProvider(ann.Provider, evil.Issuer, provider => provider with { Alias = "evil" });
        var url = ann.Lying.SignIn(await ann.Leave());
        (await ann.Browser.Open(url.Replace("/via/other/", "/via/evil/", StringComparison.Ordinal))).ShouldBePage("login");
        (await ann.Cause()).ShouldContain("mix-up");
        (ann.Lying.Calls, evil.Calls).ShouldBe((0, 0));
        (await ann.Browser.Open(url)).ShouldBePage("login"); // the state is used up
    }

    [Fact]
    public async Task A_provider_of_another_application_is_none_of_this_one()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var stranger = await ProviderApp.Create(servers);
        using var browser = new Browser(stranger);
        (await browser.Open("login/via/other")).ShouldBePage("login").Text.ShouldContain("not available");
        (await browser.Open($"login/via/other/callback?{ann.Lying.SignIn(await ann.Leave()).Split('?')[1]}")).ShouldBePage("login");
        ann.Lying.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_elses_ID_token_is_not_this_sign_ins()
    {
        await using var ann = await ViaVisitor.Create(servers);
        string? stolen = null;
        ann.Lying.Token = claims => stolen = ann.Lying.Sign(claims);
        await ann.SignIn();
        ann.Lying.Token = _ => stolen!;
        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldBePage("login");
        (await ann.Cause()).ShouldContain("another nonce");
    }

    /// <summary>Account pre-hijacking: the provider's word for an address links nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_address_of_an_existing_user_links_nothing(bool isVerified)
    {
        await using var ann = await ViaVisitor.Create(servers);
        var owner = await ann.Provider.App.CreateUser("ann@example.com");
        await ann.Provider.Installation.Execute(
            $"UPDATE users SET email_verified = {(isVerified ? "true" : "false")} WHERE app_id = @AppId",
            new { ann.AppId }
        );
        var page = (await ann.SignIn()).ShouldBePage("login/via/other/exists");
        page.Text.ShouldContain("You already have an account");
        (await ann.Count("user_identities")).ShouldBe(0);
        (await ann.Browser.Authorize(ann.Client, ("prompt", "none"))).Error.ShouldBe("login_required");
        (await owner.IsSignedIn()).ShouldBeTrue();

        // With both sides proved, the owner may link, and need not.
        var login = await ann.Browser.Open(page.Document.QuerySelector("a.button")!.GetAttribute("href")!);
        var offer = (await ann.Browser.SignIn(login, "ann@example.com")).ShouldBePage("login/via/other/link");
        (await ann.Browser.Submit(offer, "link")).ShouldHaveCode(ann.Provider);
        (
            await ann.Provider.Installation.Query<string>("SELECT user_id FROM user_identities WHERE app_id = @AppId", new { ann.AppId })
        ).ShouldBe(owner.Id());
        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldHaveCode(ann.Provider);
        (await ann.Count("users")).ShouldBe(1);
    }

    [Fact]
    public async Task An_offer_to_link_is_for_the_owner_of_the_address_only_and_can_be_refused()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ann@example.com");
        await ann.Provider.App.CreateUser("bob@example.com");
        await ann.SignIn();
        var login = await ann.Browser.Authorize(ann.Client);
        (await ann.Browser.SignIn(login, "bob@example.com")).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Open("login/via/other/link")).ShouldBePage("login");
        login = await ann.Browser.Authorize(ann.Client, ("prompt", "login"));
        var offer = (await ann.Browser.SignIn(login, "ann@example.com")).ShouldBePage("login/via/other/link");
        (await ann.Browser.Submit(offer, "later")).ShouldHaveCode(ann.Provider);
        await ann.Browser.Submit(offer, "link"); // too late
        (await ann.Count("user_identities")).ShouldBe(0);
    }

    [Fact]
    public async Task Where_linking_is_off_nothing_is_offered()
    {
        await using var ann = await ViaVisitor.Create(servers, null, "linkingEnabled=0");
        await ann.Provider.App.CreateUser("ann@example.com");
        (await ann.SignIn()).ShouldBePage("login/via/other/exists").Text.ShouldNotContain("link");
        var login = await ann.Browser.Authorize(ann.Client);
        (await ann.Browser.SignIn(login, "ann@example.com")).ShouldHaveCode(ann.Provider);
        (await ann.Count("user_identities")).ShouldBe(0);
    }

    [Fact]
    public async Task A_person_whom_another_user_has_is_not_linked_again()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.Provider.App.CreateUser("bob@example.com");
        var owner = await ann.Provider.App.CreateUser("carol@example.com");
        await ann.Link(owner.Id());
        using var bob = new Browser(ann.Provider);
        await bob.SignIn(await bob.Authorize(ann.Client), "bob@example.com");
        var page = (await bob.Open("login/via/other?purpose=link")).ShouldBePage("login/via/other");
        var url = ViaVisitor.AddressOf(await ViaVisitor.Press(bob, page));
        (await bob.Open(ann.Lying.SignIn(url))).ShouldBePage("login/via/other").Text.ShouldContain("another user");
        (
            await ann.Provider.Installation.Query<string>("SELECT user_id FROM user_identities WHERE app_id = @AppId", new { ann.AppId })
        ).ShouldBe(owner.Id());
    }

    [Fact]
    public async Task A_signed_in_user_links_with_a_fresh_proof_only_and_is_told()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var user = await ann.Provider.App.CreateUser("bob@example.com");
        using var bob = new Browser(ann.Provider);
        await bob.SignIn(await bob.Authorize(ann.Client), "bob@example.com");
        var page = (await bob.Open("login/via/other?purpose=link")).ShouldBePage("login/via/other");
        var url = ViaVisitor.AddressOf(await ViaVisitor.Press(bob, page));

        // Another user who signs in meanwhile gets nothing of it.
        await ann.Provider.App.CreateUser("carol@example.com");
        await bob.SignIn(await bob.Authorize(ann.Client, ("prompt", "login")), "carol@example.com");
        await bob.Open(ann.Lying.SignIn(url));
        (await ann.Count("user_identities")).ShouldBe(0);

        await bob.SignIn(await bob.Authorize(ann.Client, ("prompt", "login")), "bob@example.com");
        page = await bob.Open("login/via/other?purpose=link");
        (await bob.Open(ann.Lying.SignIn(ViaVisitor.AddressOf(await ViaVisitor.Press(bob, page))))).ShouldBePage("account/links");
        (
            await ann.Provider.Installation.Query<string>("SELECT user_id FROM user_identities WHERE app_id = @AppId", new { ann.AppId })
        ).ShouldBe(user.Id());
        (await ann.Provider.App.MailKinds("bob@example.com")).ShouldContain("identityLinked");

        await ann.Provider.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - 1000000, proved_at = NULL WHERE app_id = @AppId",
            new { ann.AppId }
        );
        page = await bob.Open("login/via/other?purpose=link");
        (await ViaVisitor.Press(bob, page)).ShouldBePage("account/proof");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task No_address_of_the_request_leads_away(string address)
    {
        await using var ann = await ViaVisitor.Create(servers);
        var escaped = Uri.EscapeDataString(address);
        foreach (
            var path in new[]
            {
                "login/via/other/leave?to=",
                "login/via/other?next=",
                "login/via/other/app?ticket=",
                "login/via/other/finish?to=",
            }
        )
        {
            var page = await ann.Browser.Open(path + escaped);
            page.Away.ShouldBeNull();
            page.Headers.Keys.ShouldNotContain("Refresh");
            page.Html.ShouldNotContain("evil.example");
        }
    }

    [Fact]
    [Covers(853)]
    public async Task Breaking_off_is_said_in_plain_words_without_the_providers_text()
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Answer = answer =>
        {
            answer.Remove("code");
            (answer["error"], answer["error_description"]) = ("access_denied", "<b>call 555-0100 now</b>");
            return null;
        };
        var page = (await ann.SignIn()).ShouldBePage("login");
        page.Text.ShouldContain("did not finish");
        page.Html.ShouldNotContain("555-0100");
        (await ann.Cause()).ShouldContain("access_denied");
        (await ann.Browser.SignIn(page, "nobody@example.com")).ShouldBePage("login"); // the request is still there
    }

    /// <summary>One answer, opened ten times at once: how many were believed.</summary>
    private static async Task<int> Race(ViaVisitor ann)
    {
        using var browser = new Browser(ann.Provider);
        var url = ann.Lying.SignIn(await ann.Leave(browser));
        var visits = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.Open(url)));
        return visits.Count(visit => visit.Away is not null);
    }
}
