namespace Latchkey.Tests.Server;

/// <summary>What goes by itself when its time is over.</summary>
public sealed class Cleaning(Servers servers)
{
    [Fact]
    public async Task Anonymous_users_who_were_not_seen_go_and_others_stay()
    {
        var server = await servers.Start();
        var keeping = await server.CreateApp("anonymousLoginEnabled=1");
        var forgetting = await server.CreateApp("anonymousLoginEnabled=1", "anonymousRetentionDays=30", "signupFlow=none");
        await keeping.LoginAnonymous("ANON_old");
        await forgetting.LoginAnonymous("ANON_old");
        await forgetting.LoginAnonymous("ANON_new");
        await forgetting.Join("ann@example.com");
        await Age(server, "users", "last_login_at", "handle IN ('ANON_old', 'ann@example.com')", days: 31);
        await Age(server, "users", "created_at", "handle = 'ann@example.com'", days: 31);

        await Restarted(server);
        await Until.IsTrue("the old one is gone", async () => await Handles(server, forgetting) == "ANON_new ann@example.com");
        (await Handles(server, keeping)).ShouldBe("ANON_old");
    }

    [Fact]
    public async Task The_log_is_kept_for_as_long_as_the_operator_says()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.Join("ann@example.com");
        await Age(server, "audit", "at", "action = 'signup'", days: 91);
        await Restarted(server);
        await Until.IsTrue("the old entry is gone", async () => await server.Installation.Query<string>("SELECT MAX(action) FROM audit WHERE app_id = @Id", new { app.Id }) == "createApplication");
    }

    [Fact]
    public async Task The_delivery_log_goes_with_it_and_what_still_waits_stays()
    {
        var server = await servers.Start();
        var app = await server.CreateApp();
        foreach (var (kind, status, days) in new[] { ("old sent", "sent", 91), ("old failed", "failed", 400), ("old kept", "mailbox", 100), ("old waiting", "pending", 91), ("young sent", "sent", 89) })
        {
            var at = TimeProvider.System.GetUtcNow().AddDays(-days);
            await server.Installation.Execute(
                "INSERT INTO messages (id, app_id, channel, recipient, kind, status, attempts, next_attempt_at, created_at) VALUES (@message, @Id, 'email', 'ann@example.com', @kind, @status, 1, 9999999999999, @at)",
                new { message = Guid.CreateVersion7(at).ToString(), app.Id, kind, status, at = at.ToUnixTimeMilliseconds() });
        }

        await Restarted(server);
        await Until.IsTrue("what is old is gone", async () => await server.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id", new { app.Id }) == 2);
        (await server.Installation.Query<string>("SELECT MIN(kind) || ', ' || MAX(kind) FROM messages WHERE app_id = @Id", new { app.Id })).ShouldBe("old waiting, young sent");
    }

    private static Task<int> Age(ServerProcess server, string table, string column, string which, int days) =>
        server.Installation.Execute($"UPDATE {table} SET {column} = {column} - @by WHERE {which}", new { by = (long)TimeSpan.FromDays(days).TotalMilliseconds });

    private static Task<string> Handles(ServerProcess server, App app) =>
        server.Installation.Query<string>("SELECT MIN(handle) || CASE WHEN COUNT(*) > 1 THEN ' ' || MAX(handle) ELSE '' END FROM users WHERE app_id = @Id", new { app.Id });

    /// <summary>A start cleans first.</summary>
    private async Task Restarted(ServerProcess server)
    {
        await server.Stop();
        await servers.StartOn(server.Installation);
    }
}
