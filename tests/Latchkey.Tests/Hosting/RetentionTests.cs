namespace Latchkey.Tests.Hosting;

/// <summary>What has expired goes, a little at a time, and what cannot go holds nothing else up.</summary>
public sealed class RetentionTests(ServerFixture servers)
{
    private const int Expired = 4500; // more than go at once
    private const long DayMilliseconds = 86_400_000;

    [Fact]
    public async Task A_table_that_cannot_be_cleaned_keeps_no_other_from_it_and_whoever_has_a_session_stays()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none", "anonymousLoginEnabled=1", "anonymousRetentionDays=1");
        await app.CreateUser("ann@example.com");
        foreach (var (handle, days) in new[] { ("ANON_gone", 31), ("ANON_stays", 29) }) // an access token is good for thirty
        {
            await app.LoginAnonymous(handle);
            await app.Installation.Execute(
                "UPDATE users SET last_login_at = last_login_at - @age WHERE handle = @handle",
                new { handle, age = days * DayMilliseconds }
            );
        }

        (await server.Stop()).ShouldBe(0);
        await app.Installation.Execute(
            "UPDATE sessions SET expires_at = 1 WHERE user_id IN (SELECT id FROM users WHERE handle = 'ann@example.com')"
        );
        await app.Installation.Execute(
            "INSERT INTO limits (bucket, count, opens_at, resets_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                + $"FROM n WHERE i < {Expired}) SELECT 'old|' || i, 1, 1, 1 FROM n"
        );
        await app.Installation.Execute(
            "INSERT INTO used_id_tokens (app_id, token_hash, expires_at) VALUES (@Id, 'old', 1), (@Id, 'new', 9000000000000)",
            new { app.Id }
        );
        foreach (
            var sql in Engine.IsPostgres
                ? new[]
                {
                    "CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stuck'; END $$",
                    "CREATE TRIGGER stuck BEFORE DELETE ON sessions FOR EACH ROW WHEN (OLD.expires_at = 1) EXECUTE FUNCTION stuck()",
                }
                : ["CREATE TRIGGER stuck BEFORE DELETE ON sessions WHEN OLD.expires_at = 1 BEGIN SELECT RAISE(ABORT, 'stuck'); END"]
        )
        {
            await app.Installation.Execute(sql);
        }

        var again = await servers.StartOn(app.Installation);
        await WaitUntil.IsTrue("anonymous users are removed", async () => await Users(app, "ANON_gone") == 0);
        await WaitUntil.IsTrue(
            "ID tokens that are too old to be used again are forgotten",
            async () => await app.Installation.Query<string>("SELECT MIN(token_hash) || MAX(token_hash) FROM used_id_tokens") == "newnew"
        );
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM limits WHERE resets_at = 1")).ShouldBe(0);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE expires_at = 1")).ShouldBe(1);
        (await Users(app, "ANON_stays")).ShouldBe(1);
        await WaitUntil.IsTrue(
            "the log says so",
            () => Task.FromResult(again.Log.Any(line => line.Contains("Removing expired rows failed", StringComparison.Ordinal)))
        );
    }

    private static Task<long> Users(App app, string handle) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id AND handle = @handle", new { app.Id, handle });
}
