using System.Text.Json;

namespace Latchkey.Tests.Operations.Doctor;

/// <summary>latchkey doctor: what it finds, and that it says what to do.</summary>
public sealed class DoctorTests(ServerFixture servers)
{
    [Fact]
    public async Task A_healthy_installation_has_nothing_bad()
    {
        var printed = await servers.Main.Installation.Run("doctor", "--json");
        var findings = printed.Json.EnumerateArray().ToList();
        findings.Where(finding => Grade(finding) == "bad").ShouldBeEmpty();
        findings.Select(Subject).ShouldContain("database");
        findings.Select(Subject).ShouldContain("secrets");
        findings.Select(Subject).ShouldContain("clock");
        printed.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_good_comes_with_advice()
    {
        var printed = await servers.Main.Installation.Run("doctor", "--json");
        foreach (var finding in printed.Json.EnumerateArray().Where(finding => Grade(finding) != "good"))
        {
            finding.GetProperty("advice").GetString().ShouldNotBeNullOrWhiteSpace(Subject(finding));
        }
    }

    [Fact]
    public async Task An_older_schema_a_foreign_key_ring_and_open_key_files_are_found()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("migrate")).ShouldSucceed();
        var key = Directory.EnumerateFiles(Path.Combine(installation.DataFolder, "keys"), "*.key").Single();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var open = await Find(installation, "key ring");
        open.Grade.ShouldBe("bad");
        open.Advice.ShouldContain($"chmod go= {key}");

        await installation.Execute("DELETE FROM schema_migrations WHERE version = (SELECT MAX(version) FROM schema_migrations)");
        (await Find(installation, "schema")).Grade.ShouldBe("warning");
        await installation.Execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')");
        (await Find(installation, "schema")).Grade.ShouldBe("bad");
        await installation.Execute("DELETE FROM schema_migrations WHERE version = 9999");
        await installation.Execute(
            "INSERT INTO schema_migrations (version, name) SELECT COALESCE(MAX(version), 0) + 1, 'put back' FROM schema_migrations"
        );
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[32]));
        (await Find(installation, "secrets")).Grade.ShouldBe("bad");
    }

    [Fact]
    public async Task A_key_that_others_seal_with_and_one_that_is_lost_are_named()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        await SealedWith("20200101000000");
        (await Find(installation, "secrets")).ShouldSatisfyAllConditions(
            old => old.Grade.ShouldBe("warning"),
            old => old.Advice.ShouldContain("Restore 20200101000000.key from a backup")
        );
        await SealedWith("29990101000000");
        (await Find(installation, "secrets")).ShouldSatisfyAllConditions(
            newer => newer.Grade.ShouldBe("bad"),
            newer => newer.Advice.ShouldContain("Copy 29990101000000.key from that node")
        );

        Task SealedWith(string key) =>
            installation.Execute(
                "INSERT INTO messages (app_id, id, channel, recipient, kind, status, body_sealed, attempts, created_at) "
                    + "SELECT id, @key, 'email', 'a', 'b', 'mailbox', @body, 0, 0 FROM applications",
                new { key, body = $"v1.{key}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
            );
    }

    [Fact]
    public async Task A_mounted_key_ring_that_a_group_reads_works_and_one_that_cannot_be_read_does_not()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "another user looks, which only root may arrange");
        var folder = Directory.CreateTempSubdirectory("latchkey-mounted-").FullName;
        var keys = Path.Combine(folder, "data", "keys");
        new Latchkey.Cryptography.KeyFolder(keys).CreateFirst(TimeProvider.System.GetUtcNow());
        await ChildProcess.Run("chown", "-R", "root:postgres", folder);
        await ChildProcess.Run("chmod", "-R", "u=rX,g=rX,o=", folder); // as Kubernetes mounts a secret with fsGroup
        var mounted = await AsPostgres();
        mounted.Grade.ShouldBe("warning");
        mounted.Advice.ShouldContain("fsGroup");
        mounted.Advice.ShouldNotContain("chmod");
        await ChildProcess.Run("chmod", "g=", keys);
        (await AsPostgres()).Grade.ShouldBe("bad");
        Directory.Delete(folder, recursive: true);

        async Task<(string Grade, string Advice)> AsPostgres() =>
            Of(
                await Printed(
                    "setpriv",
                    [
                        "--reuid=postgres",
                        "--regid=postgres",
                        "--clear-groups",
                        RepositoryPaths.Program,
                        "doctor",
                        "--json",
                        "--data",
                        Path.Combine(folder, "data"),
                    ],
                    []
                ),
                "key ring"
            );
    }

    [Fact]
    public async Task The_disk_of_a_database_elsewhere_is_looked_at_too()
    {
        Assert.SkipWhen(Engine.IsPostgres, "PostgreSQL's disk is another machine's");
        var folder = Directory.CreateTempSubdirectory("latchkey-elsewhere-").FullName;
        var printed = await CommandLine.Run([
            "doctor",
            "--json",
            "--data",
            Path.Combine(folder, "data"),
            "--database",
            "/dev/shm/latchkey-elsewhere/latchkey.db",
        ]);
        printed
            .Json.EnumerateArray()
            .Where(one => Subject(one) == "disk")
            .Select(one => one.GetProperty("says").GetString()!)
            .ShouldSatisfyAllConditions(disks => disks.Count().ShouldBe(2), disks => disks.Last().ShouldEndWith("/dev/shm."));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Connections_and_notifications_of_postgres_are_looked_at()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite has neither");
        var installation = await servers.NewInstallation();
        var findings = (await installation.Run("doctor", "--json")).Json;
        (Of(findings, "connections").Grade, Of(findings, "notifications").Grade).ShouldBe(("good", "good"));
        (await With("connections", $"{installation.DatabaseConnection}?Maximum Pool Size=1000")).ShouldSatisfyAllConditions(
            many => many.Grade.ShouldBe("warning"),
            many => many.Advice.ShouldContain("Maximum Pool Size")
        );
        (
            await With("notifications", installation.DatabaseConnection, $"postgres://latchkey@127.0.0.1:{FreePort.Find()}/nothing")
        ).ShouldSatisfyAllConditions(deaf => deaf.Grade.ShouldBe("warning"), deaf => deaf.Advice.ShouldContain("LATCHKEY_DATABASE_LISTEN"));

        async Task<(string Grade, string Advice)> With(string subject, string database, string? listen = null) =>
            Of(
                await Printed(
                    RepositoryPaths.Program,
                    ["doctor", "--json", "--data", installation.DataFolder, "--database", database],
                    listen is null ? [] : [("LATCHKEY_DATABASE_LISTEN", listen)]
                ),
                subject
            );
    }

    [Fact]
    public async Task A_public_url_must_lead_to_a_server_that_has_it_with_its_path()
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var installation = await servers.NewInstallation();
        await using var server = ServerProcess.Launch(installation, ["--public-url", $"{address}/auth"], address: new Uri(address));
        await server.WaitUntilReady();
        (await Reachable($"{address}/auth")).Grade.ShouldBe("good");
        var other = await Reachable($"{address}/login");
        other.ShouldBe(("warning", "Check that the proxy forwards all paths below the public URL to this server."));
        (await Reachable(address)).ShouldSatisfyAllConditions(
            bare => bare.Grade.ShouldBe("warning"),
            bare => bare.Advice.ShouldContain("the same LATCHKEY_PUBLIC_URL")
        );
        await using var foreign = new LoopbackListener(async stream =>
        {
            (await stream.ReadAsync(new byte[4096])).ShouldBePositive();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 13\r\n\r\n<html></html>"u8.ToArray());
        });
        (await Reachable($"http://127.0.0.1:{foreign.Port}/auth")).ShouldSatisfyAllConditions(
            program => program.Grade.ShouldBe("warning"),
            program => program.Advice.ShouldContain("Check LATCHKEY_PUBLIC_URL")
        );

        async Task<(string Grade, string Advice)> Reachable(string publicUrl) =>
            Of(
                await Printed(
                    RepositoryPaths.Program,
                    ["doctor", "--json", "--data", installation.DataFolder, "--database", installation.DatabaseConnection],
                    [("LATCHKEY_PUBLIC_URL", publicUrl)]
                ),
                "reachable"
            );
    }

    [Fact]
    public async Task It_looks_and_changes_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var printed = await CommandLine.Run(["doctor", "--json", "--data", folder]);
        Of(printed.Json, "database").Grade.ShouldBe("bad");
        printed.ExitCode.ShouldBe(1);
        (await CommandLine.Run(["doctor", "--data", folder])).ExitCode.ShouldBe(1);
        Directory.Exists(folder).ShouldBeFalse();
    }

    private static async Task<(string Grade, string Advice)> Find(TestInstallation installation, string subject)
    {
        var printed = await installation.Run("doctor", "--json");
        printed.ExitCode.ShouldBe(ExpectedExitCode(printed.Json));
        return Of(printed.Json, subject);
    }

    /// <summary>1 if something is bad; scripts read nothing else.</summary>
    private static int ExpectedExitCode(JsonElement findings) => findings.EnumerateArray().Any(finding => Grade(finding) == "bad") ? 1 : 0;

    private static (string Grade, string Advice) Of(JsonElement findings, string subject)
    {
        var finding = findings.EnumerateArray().Single(one => Subject(one) == subject);
        return (Grade(finding), finding.GetProperty("advice").GetString() ?? "");
    }

    /// <summary>As another process, with variables or a user of its own.</summary>
    private static async Task<JsonElement> Printed(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        await using var doctor = ChildProcess.Start(program, arguments, environment);
        await doctor.WaitForExit();
        var printed = string.Join('\n', doctor.Lines);
        printed.ShouldStartWith("[");
        var findings = JsonDocument.Parse(printed).RootElement;
        doctor.ExitCode.ShouldBe(ExpectedExitCode(findings));
        return findings;
    }

    private static string Grade(JsonElement finding) => finding.GetProperty("grade").GetString()!;

    private static string Subject(JsonElement finding) => finding.GetProperty("subject").GetString()!;
}
