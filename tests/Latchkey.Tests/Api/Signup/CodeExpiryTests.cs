using Latchkey.Data;

namespace Latchkey.Tests.Api.Signup;

/// <summary>Expiry is decided when a code is used, to the second, whether or not anything was cleaned up.</summary>
[Collection(SerialCollection.Name)]
public sealed class CodeExpiryTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    [Covers(411)]
    public async Task One_second_after_its_end_a_code_is_refused()
    {
        var app = await PendingUntil(-1000);
        (await app.Complete(Ann, await app.LastCodeFor(Ann))).ShouldFailWith(411);
        (await app.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task One_second_before_its_end_a_code_is_accepted()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        var code = await app.LastCodeFor(Ann);
        await EndIn(app, 1000);
        (await app.Complete(Ann, code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_is_good_for_48_hours()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        (await app.Installation.Query<long>("SELECT expires_at - created_at FROM signups WHERE app_id = @Id", new { app.Id })).ShouldBe(
            48 * 3600 * 1000L
        );
    }

    private async Task<App> PendingUntil(long milliseconds)
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        await EndIn(app, milliseconds);
        return app;
    }

    private static Task EndIn(App app, long milliseconds) =>
        app.Installation.Execute(
            "UPDATE signups SET expires_at = @end WHERE app_id = @Id",
            new { end = TimeProvider.System.Now() + milliseconds, app.Id }
        );
}
