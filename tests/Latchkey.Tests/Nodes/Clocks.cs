using System.Text.Json;

namespace Latchkey.Tests.Nodes;

/// <summary>Row 53: two nodes whose clocks are three minutes apart, on one PostgreSQL.</summary>
public sealed class Clocks(Servers servers)
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    [Fact]
    public async Task Codes_tokens_and_limits_end_by_the_databases_clock_on_every_node()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite's nodes are on one machine");
        var installation = await servers.NewInstallation();
        var (slow, fast) = (await StartAt(installation, -90), await StartAt(installation, +90));
        var app = await slow.CreateApp();
        foreach (var (node, other) in new[] { (slow, fast), (fast, slow) })
        {
            await CodesEndInTime(app with { Server = node });
            await TokensAreGood(app with { Server = node }, app with { Server = other });
        }

        Drill.Measured(53, "nodes 90 s behind and 90 s ahead: codes that ended 1 s ago refused, codes with 30 s left accepted, on both");
    }

    private static async Task CodesEndInTime(App app)
    {
        var (late, intime) = ($"late{app.Server.Address.Port}@example.com", $"intime{app.Server.Address.Port}@example.com");
        (await app.Signup(late)).ShouldBeTrue();
        (await app.Signup(intime)).ShouldBeTrue();
        var lasts = await app.Installation.Query<long>("SELECT expires_at - (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM signups WHERE handle = @late", new { late });
        TimeSpan.FromMilliseconds(lasts).ShouldBeInRange(TimeSpan.FromHours(48) - TimeSpan.FromSeconds(30), TimeSpan.FromHours(48) + TimeSpan.FromSeconds(1));
        await EndsIn(app, late, -1);
        await EndsIn(app, intime, 30);
        (await app.Complete(late, await app.CodeOf(late))).ShouldFailWith(411);
        (await app.Complete(intime, await app.CodeOf(intime))).ShouldBeOk();
    }

    private static Task EndsIn(App app, string handle, int seconds) =>
        app.Installation.Execute("UPDATE signups SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + @seconds * 1000 WHERE handle = @handle", new { handle, seconds });

    /// <summary>Tokens of one node are neither from the future nor ended to the other, and say the database's time.</summary>
    private static async Task TokensAreGood(App app, App other)
    {
        var ann = await app.JoinByCode($"ann{app.Server.Address.Port}@example.com");
        (await (ann with { App = other }).TryGetUser()).ShouldBeOk();
        var now = await app.Installation.Query<long>("SELECT extract(epoch FROM clock_timestamp())::bigint");
        ann.Claims.GetProperty("iat").GetInt64().ShouldBeInRange(now - 30, now + 1);
        await ann.App.Installation.Execute("UPDATE sessions SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1000 WHERE user_id = @id", new { id = ann.Id() });
        (await ann.TryGetUser()).ShouldFailWith(501);
        (await (ann with { App = other }).TryGetUser()).ShouldFailWith(501);
    }

    private async Task<ServerProcess> StartAt(InstallationUnderTest installation, int seconds)
    {
        var server = await servers.StartOn(installation, null, [("LD_PRELOAD", FakeTime), ("FAKETIME", $"{seconds:+0;-0}s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_NO_CACHE", "1")]);
        var logged = server.Log.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Timestamp").GetDateTimeOffset()).First();
        (logged - TimeProvider.System.GetUtcNow()).TotalSeconds.ShouldBeInRange(seconds - 45, seconds + 5); // the process does have another clock
        return server;
    }
}
