using System.Text.Json;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>Another App Token, and a time of grace for the one in the stores.</summary>
public sealed class AppTokenRotationTests(ServerFixture servers)
{
    [Fact]
    public async Task The_old_one_goes_on_for_thirty_days_and_the_new_one_works_at_once()
    {
        var app = await servers.Main.CreateRsaApp();
        var renewed = await Renewed(app);
        (await app.Get("getApplication")).ShouldBeOk();
        (await app.Installation.Run("app", "token", app.Id)).ShouldSucceed().Output.Trim().ShouldBe(renewed.Token);
        var listed = await Listed(app);
        listed.Select(token => token.GetProperty("appToken").GetString()).ShouldBe([renewed.Token, app.Token]);
        listed[0].GetProperty("endsAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await End(app, IdOf(listed[1]))).ShouldBeInRange(AppFlows.FromNow(30 * 86_400) - 60_000, AppFlows.FromNow(30 * 86_400));
    }

    [Fact]
    public async Task With_no_time_of_grace_the_old_one_ends_at_once_and_sessions_go_on()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        var renewed = await Renewed(app, "--old-ends-in", "0");
        (await app.Get("getApplication")).ShouldFailWith(400);
        (await renewed.Get("getApplication")).ShouldBeOk();
        (await ann.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task Its_end_is_decided_when_it_is_used()
    {
        var app = await servers.Main.CreateRsaApp();
        await Renewed(app);
        var old = IdOf((await Listed(app))[1]);
        await app.Installation.Execute("UPDATE app_tokens SET expires_at = @soon WHERE id = @old", new { old, soon = AppFlows.FromNow(2) });
        // The server reads it anew
        await (app with { Token = (await Listed(app))[0].GetProperty("appToken").GetString()! }).Set("name=Renamed");
        await WaitUntil.IsTrue("it has ended", async () => (await app.Get("getApplication")).Code == 400);
        (await Listed(app)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_was_about_to_end_can_be_kept()
    {
        var app = await servers.Main.CreateRsaApp();
        await Renewed(app);
        var old = IdOf((await Listed(app))[1]);
        (await app.Installation.Run("app", "token", "keep", app.Id, old)).ShouldSucceed();
        (await Listed(app)).ShouldAllBe(token => token.GetProperty("endsAt").ValueKind == JsonValueKind.Null);
        (await app.Installation.Run("app", "token", "end", app.Id, old, "--in", "3")).ShouldSucceed();
        (await End(app, old)).ShouldBeInRange(AppFlows.FromNow(3 * 86_400) - 60_000, AppFlows.FromNow(3 * 86_400));
    }

    [Fact]
    public async Task One_without_an_end_always_stays()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Installation.Run("app", "token", "end", app.Id, IdOf((await Listed(app))[0]))).ShouldFail("Renew it instead");
        var renewed = await Renewed(app);
        var listed = await Listed(app);
        (await app.Installation.Run("app", "token", "end", app.Id, IdOf(listed[1]))).ShouldSucceed();
        await WaitUntil.IsTrue("the server follows", async () => (await app.Get("getApplication")).Code == 400);
        (await app.Installation.Run("app", "token", "end", app.Id, IdOf(listed[0]))).ShouldFail("Renew it instead");
        (await app.Installation.Run("app", "token", "keep", app.Id, IdOf(listed[1]))).ShouldFail("no such App Token");
        (await renewed.Get("getApplication")).ShouldBeOk();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3651")]
    public async Task A_time_of_grace_that_is_none_changes_nothing(string days)
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Installation.Run("app", "token", "renew", app.Id, "--old-ends-in", days)).ShouldFail("0 to 3650 days");
        (await Listed(app)).Count.ShouldBe(1);
        (await app.Get("getApplication")).ShouldBeOk();
    }

    [Fact]
    public async Task There_are_ten_at_most_and_none_of_another_application()
    {
        var (app, other) = (await servers.Main.CreateRsaApp(), await servers.Main.CreateRsaApp());
        for (var i = 1; i < 10; i++)
        {
            (await app.Installation.Run("app", "token", "renew", app.Id)).ShouldSucceed();
        }

        (await app.Installation.Run("app", "token", "renew", app.Id)).ShouldFail("at most 10");
        (await app.Installation.Run("app", "token", "end", other.Id, IdOf((await Listed(app))[3]))).ShouldFail("no such App Token");
        (await Listed(app)).Count.ShouldBe(10);
        (await app.Installation.Run("app", "token", "renew", new string('0', 32))).ShouldFail("no application");
    }

    private static async Task<App> Renewed(App app, params string[] options)
    {
        var renewed = app with
        {
            Token = (await app.Installation.Run(["app", "token", "renew", app.Id, .. options])).ShouldSucceed().Output.Trim(),
        };
        await WaitUntil.IsTrue("the server follows", async () => (await renewed.Get("getApplication")).Code is null);
        return renewed;
    }

    private static async Task<IReadOnlyList<JsonElement>> Listed(App app) =>
        [.. (await app.Installation.Run("app", "token", "list", app.Id, "--json")).ShouldSucceed().Json.EnumerateArray()];

    private static string IdOf(JsonElement token) => token.GetProperty("tokenId").GetString()!;

    private static Task<long> End(App app, string id) =>
        app.Installation.Query<long>("SELECT expires_at FROM app_tokens WHERE id = @id", new { id });
}
