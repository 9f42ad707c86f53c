using Latchkey.Data;

namespace Latchkey.Tests.Cli;

/// <summary>Commands whose answer nobody can read, and commands that are interrupted while they write.</summary>
public sealed class OutputTests(ServerFixture servers)
{
    [Theory]
    [InlineData("> /dev/full", "No space left on device")]
    [InlineData("| true", "Broken pipe")]
    public async Task An_application_whose_credentials_nobody_read_is_not_there(string redirection, string because)
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("migrate")).ShouldSucceed();
        var printed = await Shell(installation, "app create --name Lost", redirection);
        printed.ShouldContain(because);
        printed.ShouldContain("Nothing was created.");
        foreach (var table in new[] { "applications", "app_secrets", "app_tokens", "signing_keys", "audit", "application_statuses" })
        {
            (await installation.Query<long>($"SELECT COUNT(*) FROM {table}")).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task A_secret_that_nobody_read_is_not_valid_and_a_password_is_not_set()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        var secrets = await Secrets(app);
        (await Shell(app.Installation, $"app secret add {app.Id}", "> /dev/full")).ShouldContain("Nothing was created.");
        (await Secrets(app)).ShouldBe(secrets);
        (await Shell(app.Installation, $"user reset-password {app.Id} ann@example.com --random", "> /dev/full")).ShouldContain(
            "No space left"
        );
        (await app.TryLogin("ann@example.com")).ShouldBeOk();
    }

    [Theory]
    [InlineData(ChildProcess.Terminate)]
    [InlineData(ChildProcess.Interrupt)]
    public async Task An_interrupted_backup_leaves_nothing(int signal)
    {
        var installation = await servers.NewInstallation();
        var made = (await installation.Run("app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json;
        await AddUsers(installation, made.GetProperty("appId").GetString()!);
        await Interrupt(installation, signal, folder => ["backup", Path.Combine(folder, "all.zip")]);
    }

    [Theory]
    [InlineData(ChildProcess.Terminate)]
    [InlineData(ChildProcess.Interrupt)]
    public async Task An_interrupted_export_leaves_nothing(int signal)
    {
        var installation = await servers.NewInstallation();
        var made = (await installation.Run("app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json;
        var appId = made.GetProperty("appId").GetString()!;
        await AddUsers(installation, appId);
        await Interrupt(installation, signal, folder => ["user", "export", appId, "--output", Path.Combine(folder, "users.jsonl")]);
    }

    [Fact]
    public async Task An_export_replaces_a_file_and_refuses_devices()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        var folder = Directory.CreateTempSubdirectory("latchkey-export-").FullName;
        var (file, victim) = (Path.Combine(folder, "users.jsonl"), Path.Combine(folder, "victim"));
        await File.WriteAllTextAsync(victim, "theirs");
        File.CreateSymbolicLink(file, victim);
        (await app.Installation.Run("user", "export", app.Id, "--output", file)).ShouldSucceed();
        (await File.ReadAllTextAsync(file)).ShouldContain("ann@example.com");
        (await File.ReadAllTextAsync(victim)).ShouldBe("theirs");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await app.Installation.Run("user", "export", app.Id, "--output", "/dev/stdout")).ShouldFail("not a place for a file");
        (await app.Installation.Run("backup", "\"x.zip\"")).ShouldFail("without quotes");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Rejected_rows_go_to_a_file_of_the_owner_only_and_never_through_a_link()
    {
        var app = await servers.Main.CreateApp();
        var folder = Directory.CreateTempSubdirectory("latchkey-rejects-").FullName;
        var (users, rejects, victim) = (
            Path.Combine(folder, "users.jsonl"),
            Path.Combine(folder, "users.jsonl.rejects"),
            Path.Combine(folder, "victim")
        );
        await File.WriteAllTextAsync(users, "{\"handle\":\"a@example.com\"}\n{\"handle\":\"no address\"}\n");
        await File.WriteAllTextAsync(victim, "theirs");
        File.CreateSymbolicLink(rejects, victim);
        (await app.Installation.Run("user", "import", app.Id, users, "--skip-bad")).ShouldSucceed();
        (await File.ReadAllTextAsync(victim)).ShouldBe("theirs");
        await ShouldBePrivate();
        File.SetUnixFileMode(rejects, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        (await app.Installation.Run("user", "import", app.Id, users, "--skip-bad")).ShouldSucceed();
        await ShouldBePrivate();
        var device = await app.Installation.Run("user", "import", app.Id, users, "--skip-bad", "--rejects", "/dev/null");
        (device.ExitCode, device.Error.Contains("not a place for a file")).ShouldBe((1, true));
        Directory.Delete(folder, recursive: true);

        async Task ShouldBePrivate()
        {
            (await File.ReadAllTextAsync(rejects)).ShouldContain("no address");
            new FileInfo(rejects).LinkTarget.ShouldBeNull();
            File.GetUnixFileMode(rejects).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Directory.GetFiles(folder, "*.part").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_password_without_end_and_a_template_of_a_device_are_refused()
    {
        var app = await servers.Main.CreateApp();
        var printed = await app.Installation.RunWithInput(
            new string('x', 1_000_000),
            "user",
            "add",
            app.Id,
            "b@example.com",
            "--password-stdin"
        );
        printed.ShouldFail("no password was given");
        (await app.Installation.Run("template", "set", app.Id, "EN", "signUp", "--html", "/dev/zero")).ShouldFail("longer than");
        (await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", "/dev/zero")).ShouldFail("longer than");
    }

    /// <summary>So many that writing them takes a while.</summary>
    private static async Task AddUsers(TestInstallation installation, string appId)
    {
        (
            await installation.RunWithInput("a password of hers\n", "user", "add", appId, "u@example.com", "--password-stdin")
        ).ShouldSucceed();
        var database = await installation.Get<Database>();
        var columns = (await database.Read(database.Dialect.Tables)).Single(table => table.Name == "users").Columns.Select(one => one.Name);
        var values = columns.Select(name =>
            name switch
            {
                "id" => "'u' || n",
                "handle" or "handle_key" => "'u' || n || '@example.com'",
                "metadata" => "@Long",
                _ => name,
            }
        );
        await installation.Execute(
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 15000)
            INSERT INTO users ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM users, numbers
            """,
            new { Long = $"{{\"note\":\"{new string('x', 4000)}\"}}" }
        );
    }

    /// <summary>Signals the command as soon as its draft is there, and looks at what it leaves.</summary>
    private static async Task Interrupt(TestInstallation installation, int signal, Func<string, string[]> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-interrupted-").FullName;
        // A test run in the background of a shell ignores SIGINT, and so would the command.
        await using var process = ChildProcess.Start(
            "env",
            ["--default-signal=INT", RepositoryPaths.Program, .. arguments(folder), .. NextRelease.Place(installation)]
        );
        await WaitUntil.IsTrue("the draft is there", () => Task.FromResult(Directory.GetFiles(folder, "*.part").Length > 0));
        process.Signal(signal);
        await process.WaitForExit();
        process.ExitCode.ShouldBe(128 + signal);
        Directory.GetFiles(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    private static async Task<string> Secrets(App app) =>
        (await app.Installation.Run("app", "secret", "list", app.Id)).ShouldSucceed().Output;

    private static async Task<string> Shell(TestInstallation installation, string command, string redirection)
    {
        await using var shell = ChildProcess.Start(
            "bash",
            [
                "-c",
                $"'{RepositoryPaths.Program}' {command} --data '{installation.DataFolder}' --database '{installation.DatabaseConnection}' "
                    + $"{redirection}",
            ]
        );
        await shell.WaitForExit();
        return string.Join('\n', shell.Lines);
    }
}
