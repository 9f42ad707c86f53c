using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>Schema, key ring and processes that share a database.</summary>
public sealed class InstallationStartupTests(ServerFixture servers)
{
    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        var newest = Migrator.NewestVersion(Engine.IsPostgres ? "postgres" : "sqlite");
        for (var i = 0; i < 3; i++)
        {
            (await installation.Run("migrate")).ShouldSucceed().Output.ShouldContain($"version {newest}");
        }

        (await installation.Query<long>("SELECT COUNT(*) FROM schema_migrations")).ShouldBe(newest);
        (await new Migrator(await installation.Get<Database>()).Run()).ShouldBe(0);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_with_what_to_do()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run("migrate")).ShouldSucceed();
        await installation.Execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from_the_future')");
        (await installation.Run("migrate")).ShouldFail("schema version 9999");
        (await installation.Run("app", "list")).ShouldFail("Start the newer Latchkey");
        (await installation.Run("serve", "--listen", $"http://127.0.0.1:{FreePort.Find()}")).ShouldFail("schema version 9999");
    }

    [Fact]
    public async Task Without_Unicode_nothing_starts_and_the_message_says_what_to_install()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        string[] place = ["--data", installation.DataFolder, "--database", installation.DatabaseConnection];
        foreach (string[] command in new[] { ["migrate"], new[] { "serve", "--listen", $"http://127.0.0.1:{FreePort.Find()}" } })
        {
            await using var run = ChildProcess.Start(
                RepositoryPaths.Program,
                [.. command, .. place],
                [("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "true")]
            );
            await run.WaitForExit();
            run.ExitCode.ShouldBe(1);
            string.Join('\n', run.Lines).ShouldContain("latchkey: Unicode normalisation does not work. Install ICU");
        }

        (await installation.Run("app", "list")).ShouldFail("There is no installation");
    }

    [Fact]
    public async Task Two_processes_that_start_first_together_agree()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        await using var one = ServerProcess.Launch(installation);
        await using var other = ServerProcess.Launch(installation);
        await Task.WhenAll(one.WaitUntilReady(), other.WaitUntilReady());
        Directory.GetFiles(Path.Combine(installation.DataFolder, "keys"), "*.key").Length.ShouldBe(1);

        var app = await one.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        var elsewhere = ann with { App = app with { Server = other } };
        (await elsewhere.TryGetUser()).ShouldBeOk();
        (await elsewhere.Post("logout", new { })).ShouldBeTrue();
        (await ann.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_running_server_follows_the_command_line()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        (await app.Get("getApplication")).Json.GetProperty("name").GetString().ShouldBe("Demo");
        await app.Set("name=Renamed", "signupEnabled=0");
        (await app.Get("getApplication")).Json.GetProperty("name").GetString().ShouldBe("Renamed");
        (await app.Signup("ann@example.com")).ShouldFailWith(407);
    }

    [Fact]
    public async Task Another_key_ring_is_refused()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run("migrate")).ShouldSucceed();
        var elsewhere = Directory.CreateTempSubdirectory("latchkey-keys-").FullName;
        (await CommandLine.Run(["app", "list", "--data", elsewhere, "--database", installation.DatabaseConnection])).ShouldFail("key ring");
        Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public async Task A_start_before_the_keys_are_there_makes_no_key_of_its_own()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run("migrate")).ShouldSucceed();
        var keys = Path.Combine(installation.DataFolder, "keys");
        Directory.Move(keys, $"{keys}-elsewhere");
        (await installation.Run("serve", "--listen", $"http://127.0.0.1:{FreePort.Find()}")).ShouldFail("key ring");
        (await installation.Run("app", "list")).ShouldFail("key ring");
        // One of its own would be the newest, and seal, once the right ones come
        (Directory.Exists(keys) ? Directory.GetFiles(keys) : []).ShouldBeEmpty();
        Directory.Move($"{keys}-elsewhere", keys);
        (await installation.Run("app", "list")).ShouldSucceed();
    }

    [Theory]
    [InlineData("backup", "nowhere.zip")]
    [InlineData("app", "list")]
    [InlineData("app", "create", "--name", "Demo")]
    [InlineData("keyring", "list")]
    public async Task A_command_at_the_wrong_place_says_so_and_makes_nothing(params string[] command)
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run(command)).ShouldFail("There is no installation");
        Directory.GetFileSystemEntries(installation.DataFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_older_schema_is_backed_up_as_it_is_and_brought_up_only_when_it_is_asked_for()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run("migrate")).ShouldSucceed();
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();

        await using var release = await NextRelease.Make();
        var file = Path.Combine(installation.DataFolder, "before.zip");
        (await release.Run(installation, "backup", file)).ShouldSucceed();
        (await release.Run(installation, "app", "list")).ShouldFail($"schema version {NextRelease.Current}");
        using (var archive = System.IO.Compression.ZipFile.OpenRead(file))
        {
            using var manifest = System.Text.Json.JsonDocument.Parse(archive.GetEntry("manifest.json")!.Open());
            manifest.RootElement.GetProperty("schema").GetInt32().ShouldBe(NextRelease.Current);
        }

        (await release.Run(installation, "migrate")).ShouldSucceed();
        (await release.Run(installation, "app", "list")).ShouldSucceed();
        (await installation.Run("app", "list")).ShouldFail("Start the newer Latchkey");

        // The later release brings an older backup up to its own schema
        var restored = await servers.NewInstallation(isEmpty: true);
        await ChildProcess.Run("cp", "-r", Path.Combine(installation.DataFolder, "keys"), restored.DataFolder);
        (await release.Run(restored, "restore", file)).ShouldSucceed();
        await using var upgraded = Database.Open(restored.DatabaseConnection);
        (await new Migrator(upgraded).CurrentVersion()).ShouldBe(NextRelease.Newest);
    }

    [Fact]
    public async Task Keys_and_database_are_for_their_owner_only()
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        (await installation.Run("migrate")).ShouldSucceed();
        File.GetUnixFileMode(Directory.GetFiles(Path.Combine(installation.DataFolder, "keys")).Single())
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (!Engine.IsPostgres)
        {
            File.GetUnixFileMode(installation.DatabaseConnection).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task SQLite_runs_with_WAL_full_synchronous_and_foreign_keys()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var database = await servers.Main.Installation.Get<Database>();
        await database.Write(async db =>
        {
            (await Dapper.SqlMapper.QuerySingleAsync<string>(db, "PRAGMA journal_mode")).ShouldBe("wal");
            (await Dapper.SqlMapper.QuerySingleAsync<int>(db, "PRAGMA synchronous")).ShouldBe(2);
            (await Dapper.SqlMapper.QuerySingleAsync<int>(db, "PRAGMA foreign_keys")).ShouldBe(1);
        });
    }
}
