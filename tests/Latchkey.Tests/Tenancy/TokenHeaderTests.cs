using System.Net.Http.Json;

namespace Latchkey.Tests.Tenancy;

/// <summary>Which token names the caller where.</summary>
public sealed class TokenHeaderTests(ServerFixture servers)
{
    [Fact]
    [Covers(400)]
    public async Task A_revoked_app_token_is_refused()
    {
        var app = await servers.Main.CreateApp();
        await app.Installation.Execute("DELETE FROM app_tokens WHERE app_id = @Id", new { app.Id });
        (await app.Get("getApplication")).ShouldFailWith(400);
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("blocked")]
    [Covers(402)]
    public async Task A_suspended_or_blocked_application_serves_nothing(string status)
    {
        var app = await servers.Main.CreateApp();
        await app.Set($"status={status}", "--reason", "a breach of the terms");
        (await app.Get("getApplication")).ShouldFailWith(402);
        (await app.TryLogin("ann@example.com")).ShouldFailWith(402);
    }

    [Fact]
    public async Task An_access_token_stands_in_for_the_app_token_where_the_page_allows()
    {
        var ann = await (await servers.Main.CreateApp("signupFlow=none")).CreateUser("ann@example.com");
        (await ann.Get("getApplication")).ShouldBeOk();
        (await ann.Post("completeSignup", new { handle = "bob@example.com", code = "111111" })).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_garbled_access_token_in_its_place_is_refused() =>
        (await servers.Main.Get("/api/appuser/getApplication", ("access-token", "garbled"))).ShouldFailWith(405);

    [Fact]
    public async Task The_app_token_wins_where_both_are_sent()
    {
        var one = await servers.Main.CreateApp("signupFlow=none");
        var other = await servers.Main.CreateApp("userJWTExpiration=5");
        var ann = await one.CreateUser("ann@example.com");
        (await other.Get("getApplication", ("access-token", ann.AccessToken))).Json.GetProperty("userJWTExpiration").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_query_token_counts_in_links_only()
    {
        var app = await servers.Main.CreateApp();
        (await servers.Main.Get($"/api/appuser/getApplication?appToken={app.Token}")).ShouldFailWith(400);
        (
            await app.PostRaw($"login?appToken={app.Token}", JsonContent.Create(new { handle = "a@example.com", password = "x" }))
        ).ShouldFailWith(400);
        (await servers.Main.Get($"/api/appuser/completeSignup?appToken={app.Token}&handle=a@example.com&code=x")).ShouldBeOk();
    }

    [Fact]
    public async Task An_access_token_beside_login_is_ignored()
    {
        var ann = await (await servers.Main.CreateApp("signupFlow=none")).CreateUser("ann@example.com");
        (
            await ann.App.Post("login", new { handle = "ann@example.com", password = App.Password }, ("access-token", "garbled"))
        ).ShouldBeOk();
    }
}
