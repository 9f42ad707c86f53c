using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Hosting;

/// <summary>What has expired goes, a little at a time, and what cannot go holds nothing else up.</summary>
public sealed class RetentionTests(ServerFixture servers)
{
    private const int Expired = 4500; // more than go at once
    private const long DayMilliseconds = 86_400_000;
    private const int LogDays = 90;
    private const int CodeDays = 7; // an expired code is told from a wrong one
    private const int DaysOfUsage = 366 + 365 + 31; // two years and the current month
    private const int DaysOfHours = 14;

    /// <summary>Tables, the column that the end is reckoned from, and how many days later the row goes.</summary>
    private static readonly (string Table, string Column, int Days)[] Kept =
    [
        ("audit", "at", LogDays),
        ("messages", "created_at", LogDays),
        ("export_chunks", "created_at", 1),
        ("jobs", "finished_at", CodeDays),
        ("sessions", "expires_at", 30),
        ("signups", "expires_at", CodeDays),
        ("invitations", "expires_at", CodeDays),
        ("user_codes", "expires_at", CodeDays),
        ("remembered_devices", "expires_at", 0),
        ("app_tokens", "expires_at", 0),
        ("app_secrets", "expires_at", 0),
        ("developer_invitations", "expires_at", 0),
    ];

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
            await app.Installation.Execute(
                "UPDATE sessions SET expires_at = expires_at - @age WHERE user_id IN (SELECT id FROM users WHERE handle = @handle)",
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

    /// <summary>
    /// One tenant's rows lie an hour behind their end, another's an hour before it. Keys and anonymous users have tests of their own.
    /// </summary>
    [Fact]
    public async Task Rows_of_each_kind_go_after_their_time_and_not_before()
    {
        var server = await servers.Start("--limits", "off");
        var (old, young) = (await Tenant.Create(server), await Tenant.Create(server));
        foreach (var tenant in new[] { old, young })
        {
            (
                await tenant.App.Installation.Run("app", "secret", "end", tenant.App.Id, tenant.Ids["Fingerprint"], "--in", "1")
            ).ShouldSucceed();
        }

        (await server.Stop()).ShouldBe(0);
        var now = AppFlows.FromNow(0);
        foreach (var (table, column, days) in Kept)
        {
            foreach (var (tenant, hours) in new[] { (old, 1), (young, -1) })
            {
                (
                    await old.App.Installation.Execute(
                        $"UPDATE {table} SET {column} = @end WHERE app_id = @Id AND {column} IS NOT NULL",
                        new { tenant.App.Id, end = now - (days * DayMilliseconds) - (hours * DayMilliseconds / 24) }
                    )
                ).ShouldBePositive(table);
            }
        }

        var before = await Counts(young.App);
        await servers.StartOn(server.Installation);

        foreach (var (table, column, _) in Kept)
        {
            await WaitUntil.IsTrue($"{table} is cleaned", async () => await Count(old.App, table, column) == 0);
        }

        (await Counts(young.App)).ShouldBe(before);
    }

    [Fact]
    public async Task What_developers_leave_and_daily_sums_go_after_their_time_and_registered_invitations_stay()
    {
        const string kim = "kim@example.com";
        var server = await servers.Start("--limits", "off");
        var (app, developer) = (await server.CreateApp(), await PortalAccount.Create(server));
        (await app.InviteByServer(kim)).ShouldBeTrue();
        app.ParseTokens(await app.Register(kim, await app.LastCodeFor(kim)));
        (await app.InviteByServer("lou@example.com")).ShouldBeTrue(); // and never comes
        (await server.Stop()).ShouldBe(0);
        await app.Installation.Execute("UPDATE invitations SET expires_at = 1 WHERE app_id = @Id", new { app.Id });
        var today = AppFlows.FromNow(0) / DayMilliseconds;
        foreach (var (name, hours, day) in new[] { ("old", -1, today - DaysOfUsage - 1), ("young", 1, today - DaysOfUsage + 1) })
        {
            var row = new
            {
                name,
                developer.Id,
                end = AppFlows.FromNow(hours * 3600),
                appId = app.Id,
                day,
                hour = AppFlows.FromNow(hours * 3600) / 3_600_000 - DaysOfHours * 24,
            };
            foreach (
                var sql in new[]
                {
                    "INSERT INTO portal_sessions (token_hash, id, developer_id, client, browser, created_at, seen_at, expires_at) "
                        + "VALUES (@name, @name, @Id, '', '', 1, 1, @end)",
                    "INSERT INTO portal_logins (token_hash, developer_id, tries, expires_at) VALUES (@name, @Id, 0, @end)",
                    "INSERT INTO developer_links (token_hash, purpose, developer_id, email, expires_at) VALUES (@name, 'reset', @Id, '', @end)",
                    "INSERT INTO usage_days (app_id, day, kind, count) VALUES (@appId, @day, @name, 1)",
                    "INSERT INTO usage_hours (app_id, hour, kind, count) VALUES (@appId, @hour, @name, 1)",
                }
            )
            {
                (await app.Installation.Execute(sql, row)).ShouldBe(1);
            }
        }

        await servers.StartOn(server.Installation);

        foreach (
            var (column, table, own) in new[]
            {
                ("token_hash", "portal_sessions", "developer_id = @Id"),
                ("token_hash", "portal_logins", "developer_id = @Id"),
                ("token_hash", "developer_links", "developer_id = @Id"),
                ("kind", "usage_days", "kind IN ('old', 'young')"),
                ("kind", "usage_hours", "kind IN ('old', 'young')"),
            }
        )
        {
            await WaitUntil.IsTrue(
                $"{table} is cleaned",
                async () =>
                    await app.Installation.Query<string>(
                        $"SELECT MIN({column}) || ' ' || MAX({column}) FROM {table} WHERE {own}",
                        new { developer.Id }
                    ) == "young young"
            );
        }

        await WaitUntil.IsTrue(
            "an invitation that nobody used is removed",
            async () =>
                await app.Installation.Query<string>(
                    "SELECT MIN(handle) || ' ' || MAX(handle) FROM invitations WHERE app_id = @Id",
                    new { app.Id }
                ) == $"{kim} {kim}"
        );
    }

    private static async Task<IReadOnlyList<string>> Counts(App app)
    {
        var counts = new List<string>();
        foreach (var (table, column, _) in Kept)
        {
            counts.Add($"{table}: {await Count(app, table, column)}");
        }

        return counts;
    }

    private static Task<long> Count(App app, string table, string column) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id AND {column} IS NOT NULL", new { app.Id });

    private static Task<long> Users(App app, string handle) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id AND handle = @handle", new { app.Id, handle });
}
