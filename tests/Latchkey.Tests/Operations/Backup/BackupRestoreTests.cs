using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Operations.Backup;

/// <summary>latchkey backup and latchkey restore, from and to either engine.</summary>
public sealed class BackupRestoreTests(ServerFixture servers)
{
    [Fact]
    public async Task What_is_restored_goes_on_where_the_backup_was_made()
    {
        var server = await servers.Start();
        var app = await App.Create(server, ["signupFlow=none"]);
        var ann = await app.CreateUser("ann@example.com", metaData: null);
        var file = await Backup(server.Installation);
        await app.CreateUser("late@example.com");

        var restored = await RestoreInto(await servers.NewInstallation(), server.Installation, file);
        var again = app with { Server = await servers.StartOn(restored) };
        (await again.TryLogin("ann@example.com")).ShouldBeOk();
        (await again.TryLogin("late@example.com")).Code.ShouldBe(600);
        (await (ann with { App = again }).TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task Every_table_and_every_value_is_in_it()
    {
        var server = await servers.Start("--limits", "off");
        var tenant = await Tenant.Create(server);
        (await server.Stop()).ShouldBe(0); // nothing changes behind the comparison
        await FillEmptyTables(tenant);
        var before = await Contents(server.Installation);
        before.Where(table => table.Value.Count == 0).ShouldBeEmpty();

        var restored = await RestoreInto(await servers.NewInstallation(), server.Installation, await Backup(server.Installation));

        ShouldBeSame(await Contents(restored), before);
    }

    [Fact]
    public async Task A_backup_of_postgres_restores_into_a_file_and_back()
    {
        Assert.SkipUnless(Engine.IsPostgres, "needs both engines");
        var server = await servers.Start("--limits", "off");
        var tenant = await Tenant.Create(server);
        var app = await App.Create(server, ["signupFlow=none"]);
        await app.CreateUser("ann@example.com");
        (await server.Stop()).ShouldBe(0);
        await FillEmptyTables(tenant);
        var before = await Contents(server.Installation);
        var sqlite = await TestInstallation.Create(null);
        await RestoreInto(sqlite, server.Installation, await Backup(server.Installation));
        ShouldBeSame(await Contents(sqlite), before);
        ShouldBeSame(await Contents(await RestoreInto(await servers.NewInstallation(), sqlite, await Backup(sqlite))), before);
        await sqlite.Execute("INSERT INTO usage_events (app_id, day, kind) VALUES (@Id, 20000, 'logins')", new { app.Id });
        var postgres = await RestoreInto(await servers.NewInstallation(), sqlite, await Backup(sqlite));
        // With a number that no row brought along
        (await postgres.Execute("INSERT INTO usage_events (app_id, day, kind) VALUES (@Id, 20000, 'logins')", new { app.Id })).ShouldBe(1);
        var again = app with { Server = await servers.StartOn(postgres) };
        (await again.TryLogin("ann@example.com")).ShouldBeOk();
        await sqlite.DisposeAsync();
    }

    [Fact]
    public async Task It_is_of_one_moment_while_people_sign_up()
    {
        var server = await servers.Start("--limits", "off");
        var app = await App.Create(server, ["anonymousLoginEnabled=1"]);
        using var stop = new CancellationTokenSource();
        var crowd = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await app.LoginAnonymous($"ANON_crowd-{i}");
            }
        });
        await WaitUntil.IsTrue("the crowd comes", async () => await server.Installation.Query<long>("SELECT COUNT(*) FROM users") > 5);
        var file = await Backup(server.Installation);
        await stop.CancelAsync();
        await crowd;

        var restored = await RestoreInto(await servers.NewInstallation(), server.Installation, file);
        var users = await restored.Query<long>("SELECT COUNT(*) FROM users");
        users.ShouldBeGreaterThan(5);
        (
            await restored.Query<long>("SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id)")
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_database_that_holds_something_is_left_alone()
    {
        var server = await servers.Start();
        var app = await App.Create(server, ["signupFlow=none"]);
        var file = await Backup(server.Installation);
        var refused = await server.Installation.Run("restore", file);
        refused.ShouldFail("not empty");
        (await app.Get("getApplication")).ShouldBeOk();
    }

    [Fact]
    public async Task Without_the_right_keys_nothing_is_restored()
    {
        var source = await servers.NewInstallation();
        (await source.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        var file = await Backup(source);
        var target = await servers.NewInstallation();
        (await target.Run("restore", file)).ShouldFail("key ring is missing");

        new KeyFolder(Path.Combine(target.DataFolder, "keys")).CreateFirst(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        (await target.Run("restore", file)).ShouldFail("another key ring");
        (await target.Query<long>("SELECT COUNT(*) FROM applications")).ShouldBe(0);
    }

    [Fact]
    public async Task A_backup_never_overwrites_a_file()
    {
        var source = await servers.NewInstallation();
        (await source.Run("migrate")).ShouldSucceed();
        var file = await Backup(source);
        var before = await File.ReadAllBytesAsync(file);
        (await source.Run("backup", file)).ShouldFail("already exists");
        (await File.ReadAllBytesAsync(file)).ShouldBe(before);
    }

    [Fact]
    public async Task Half_a_database_and_an_empty_one_are_not_backed_up()
    {
        var source = await servers.NewInstallation();
        var file = Path.Combine(source.DataFolder, "half.zip");
        (await source.Run("migrate")).ShouldSucceed();
        await source.Execute("DELETE FROM installation");
        (await source.Run("backup", file)).ShouldFail("nothing to back up");
        await source.Execute("DROP TABLE usage_days");
        (await source.Run("backup", file)).ShouldFail("it lacks 1 tables of its schema version, such as usage_days");
        await source.Execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')");
        (await source.Run("backup", file)).ShouldFail("9999");
        Directory.GetFiles(source.DataFolder, "half.zip*").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_others_put_beside_its_tables_is_left_out()
    {
        var source = await servers.NewInstallation();
        (await source.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        await source.Execute("CREATE TABLE \"Their Notes\" (id TEXT PRIMARY KEY, app_id TEXT REFERENCES applications (id), score REAL)");
        await source.Execute("INSERT INTO \"Their Notes\" (id, score) VALUES ('one', 1.5)");
        var target = await RestoreInto(await servers.NewInstallation(), source, await Backup(source));
        (await target.Query<long>("SELECT COUNT(*) FROM applications")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_backups_to_one_file_at_the_same_time_leave_a_whole_one()
    {
        var source = await servers.NewInstallation();
        (await source.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        var file = Path.Combine(source.DataFolder, "both.zip");
        var printed = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => source.Run("backup", file))));
        printed.ShouldContain(one => one.ExitCode == 0);
        Directory.GetFiles(source.DataFolder, "*.part").ShouldBeEmpty();
        await RestoreInto(await servers.NewInstallation(), source, file);
    }

    [Fact]
    public async Task An_older_schema_is_copied_before_it_is_migrated()
    {
        Assert.SkipWhen(Engine.IsPostgres, "PostgreSQL has backups of its own");
        var source = await servers.NewInstallation();
        (await source.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        await using var release = await NextRelease.Make();
        var copy = $"{source.DatabaseConnection}.schema-{NextRelease.Current}";
        await File.WriteAllTextAsync(copy, "of an earlier try");
        (await release.Run(source, "migrate")).ShouldSucceed();
        await using var kept = TestInstallation.Attach(copy, source.DataFolder);
        (await SchemaGrade(release, kept)).ShouldBe("warning");
        (await SchemaGrade(release, source)).ShouldBe("good");
        (await kept.Run("app", "list")).ShouldSucceed().Output.ShouldContain("Demo"); // the release that made it goes on with it
        Directory.GetFiles(source.DataFolder, "*.part*").ShouldBeEmpty();
    }

    private static async Task<string?> SchemaGrade(NextRelease release, TestInstallation installation) =>
        (await release.Run(installation, "doctor", "--json"))
            .Json.EnumerateArray()
            .Single(finding => finding.GetProperty("subject").GetString() == "schema")
            .GetProperty("grade")
            .GetString();

    private static async Task<string> Backup(TestInstallation source)
    {
        var file = Path.Combine(source.DataFolder, $"{Path.GetRandomFileName()}.zip");
        (await source.Run("backup", file)).ShouldSucceed().Output.ShouldContain("Keep a copy of");
        return file;
    }

    private static async Task<TestInstallation> RestoreInto(TestInstallation target, TestInstallation source, string file)
    {
        CopyKeys(source, target);
        (await target.Run("restore", file)).ShouldSucceed().Output.ShouldContain("Restored");
        return target;
    }

    private static void CopyKeys(TestInstallation source, TestInstallation target)
    {
        Directory.CreateDirectory(Path.Combine(target.DataFolder, "keys"));
        foreach (var key in Directory.EnumerateFiles(Path.Combine(source.DataFolder, "keys"), "*.key"))
        {
            File.Copy(key, Path.Combine(target.DataFolder, "keys", Path.GetFileName(key)));
        }
    }

    /// <summary>Gives each table that the tenant has no row of one, with values that a careless copy damages.</summary>
    private static async Task FillEmptyTables(Tenant tenant)
    {
        var (database, contents) = (await tenant.App.Installation.Get<Database>(), await Contents(tenant.App.Installation));
        await database.Write(async db =>
        {
            foreach (
                var table in (await database.Dialect.Tables(db)).Where(table =>
                    contents.TryGetValue(table.Name, out var rows) && rows.Count == 0
                )
            )
            {
                database
                    .Dialect.BulkCopy(
                        db,
                        table,
                        [
                            [.. table.Columns.Select(Value)],
                        ]
                    )
                    .ShouldBe(1);
            }
        });

        object Value(ColumnSchema column) =>
            column switch
            {
                { Name: "app_id" } => tenant.App.Id,
                { Name: "developer_id" } => tenant.Ids["DeveloperId"],
                { Name: "client_id" } => tenant.Ids["client"],
                { Name: "user_id" } => tenant.User.Id(),
                { Kind: ColumnKind.Number } => 7L,
                { Kind: ColumnKind.Boolean } => true,
                { Kind: ColumnKind.Bytes } => new byte[] { 0, 255 },
                _ => "\"ä🔑\", '\t\\\r\n\\N\u2028 ",
            };
    }

    /// <summary>The rows of each table, as text.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Contents(TestInstallation installation)
    {
        var database = await installation.Get<Database>();
        var contents = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (
            var table in (await database.Read(database.Dialect.Tables)).Where(table => table.Name is not ("application_changes" or "nodes"))
        )
        {
            contents[table.Name] = await DatabaseSnapshot.OfTable(installation, table.Name);
        }

        return contents;
    }

    private static void ShouldBeSame(
        IReadOnlyDictionary<string, IReadOnlyList<string>> restored,
        IReadOnlyDictionary<string, IReadOnlyList<string>> before
    )
    {
        restored.Keys.ShouldBe(before.Keys);
        foreach (var (table, rows) in before)
        {
            restored[table].ShouldBe(rows, table);
        }
    }
}
