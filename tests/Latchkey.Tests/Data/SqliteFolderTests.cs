using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Latchkey.Tests.Data;

/// <summary>What a server on SQLite needs of its folder, and what happens to files that people copy.</summary>
[Collection(SerialCollection.Name)]
public sealed partial class SqliteFolderTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task After_a_clean_stop_the_file_alone_is_the_whole_database()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation(isEmpty: true);
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        (await server.Stop()).ShouldBe(0);
        Directory.GetFiles(installation.DataFolder).ShouldBe([installation.DatabaseConnection]);

        var copy = await Copy(installation);
        var again = app with { Server = await servers.StartOn(copy) };
        (await again.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_copy_without_its_log_is_found_by_doctor_and_an_empty_one_is_not_taken_for_a_new_installation()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation(isEmpty: true);
        await servers.StartOn(installation);
        var copy = await Copy(installation);
        new FileInfo(copy.DatabaseConnection).Length.ShouldBe(4096); // all of it is in the log
        var doctor = await copy.Run("doctor", "--json");
        doctor.ExitCode.ShouldBe(1);
        Finding(doctor.Json, "log")
            .ShouldSatisfyAllConditions(
                log => log.GetProperty("grade").GetString().ShouldBe("bad"),
                log => log.GetProperty("says").GetString().ShouldNotBeNull().ShouldContain($"without its log {copy.DatabaseConnection}-wal")
            );
        await using var started = ChildProcess.Start(RepositoryPaths.Program, ["serve", .. NextRelease.Place(copy)]);
        await started.WaitForExit();
        started.ExitCode.ShouldBe(1);
        started.Lines.Single().ShouldContain("was copied without its log");
        (await copy.Run("backup", Path.Combine(copy.DataFolder, "x.zip"))).ShouldFail("was copied without its log");

        // Later, when a part of it stands in the file
        await using (var connection = new SqliteConnection($"Data Source={installation.DatabaseConnection}"))
        {
            await connection.ExecuteAsync("PRAGMA wal_checkpoint(PASSIVE)");
        }

        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        var later = await Copy(installation);
        Finding((await later.Run("doctor", "--json")).Json, "log")
            .ShouldSatisfyAllConditions(
                log => log.GetProperty("grade").GetString().ShouldBe("warning"),
                log => log.GetProperty("says").GetString().ShouldNotBeNull().ShouldContain("may be missing")
            );
        Finding((await installation.Run("doctor", "--json")).Json, "log").ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task A_file_that_another_user_may_not_read_is_a_finding_of_doctor()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "another user's uid is root's to take");
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation();
        File.SetUnixFileMode(installation.DatabaseConnection, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ChildProcess.Run("chmod", "a+rx", installation.DataFolder);
        await using var process = ChildProcess.Start(
            "setpriv",
            [
                "--reuid=987654",
                "--regid=987654",
                "--clear-groups",
                RepositoryPaths.Program,
                "doctor",
                "--json",
                .. NextRelease.Place(installation),
            ]
        );
        await process.WaitForExit();
        process.ExitCode.ShouldBe(1);
        var log = Finding(JsonDocument.Parse(string.Join('\n', process.Lines)).RootElement, "log");
        log.GetProperty("grade").GetString().ShouldBe("bad");
        log.GetProperty("says").GetString().ShouldNotBeNull().ShouldContain($"{installation.DatabaseConnection} cannot be read");
    }

    [Fact]
    public async Task A_whole_copy_by_another_program_is_not_bad()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var (installation, copy) = (await servers.NewInstallation(), await servers.NewInstallation(isEmpty: true));
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        await using (var from = new SqliteConnection($"Data Source={installation.DatabaseConnection}"))
        await using (var to = new SqliteConnection($"Data Source={copy.DatabaseConnection};Pooling=False"))
        {
            await from.OpenAsync();
            await to.OpenAsync();
            await from.ExecuteAsync("PRAGMA journal_mode=WAL");
            from.BackupDatabase(to);
        }

        await ChildProcess.Run("cp", "-a", Path.Combine(installation.DataFolder, "keys"), copy.DataFolder);
        var doctor = await copy.Run("doctor", "--json");
        Finding(doctor.Json, "log").GetProperty("grade").GetString().ShouldBe("warning");
        doctor.ExitCode.ShouldBe(0, doctor.Output);
    }

    /// <summary>As in the image and in the unit: no /tmp, and a uid that no file names.</summary>
    [Fact]
    public async Task Nothing_but_the_data_folder_has_to_be_writable_and_any_uid_of_group_0_can_use_the_images()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounts and uids are root's");
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation(isEmpty: true);
        var made = ImageFolder().Match(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "deploy", "Containerfile")));
        await ChildProcess.Run("chown", made.Groups["owner"].Value, installation.DataFolder);
        await ChildProcess.Run("chmod", made.Groups["mode"].Value, installation.DataFolder);
        await using var server = await InReadOnlyRoot(installation, "setpriv --reuid=987654 --regid=0 --clear-groups");
        var app = await server.CreateApp("signupFlow=none", "anonymousLoginEnabled=1");
        await app.CreateUser(Ann);
        (await app.TryLogin(Ann)).ShouldBeOk();

        // A form with a file that ASP.NET would buffer on disk
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[90 * 1024]), "file", "file.bin" } };
        var request = server.Request(HttpMethod.Post, "/portal/sign-in");
        request.Content = form;
        ((int)(await server.Send(request)).Status).ShouldBeLessThan(500);
        server.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_only_data_folder_stops_the_start_and_doctor_tells_of_it(bool isNew)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a folder is mounted read-only, which only root may do");
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation(isEmpty: true);
        if (!isNew)
        {
            (await installation.Run("migrate")).ShouldSucceed();
            (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        }

        var printed = await Printed("serve", installation);
        printed.ShouldNotContain("is running");
        printed.ShouldStartWith("latchkey: ");
        printed.ShouldContain(isNew ? "Read-only file system" : "cannot be written");
        var doctor = JsonDocument.Parse(await Printed("doctor --json", installation)).RootElement;
        Finding(doctor, "writing").GetProperty("grade").GetString().ShouldBe("bad");
        if (!isNew)
        {
            (await Printed("mailbox", installation)).ShouldContain("The mailbox is empty."); // reading works
        }
    }

    private async Task<TestInstallation> Copy(TestInstallation installation)
    {
        var copy = await servers.NewInstallation(isEmpty: true);
        File.Copy(installation.DatabaseConnection, copy.DatabaseConnection);
        await ChildProcess.Run("cp", "-a", Path.Combine(installation.DataFolder, "keys"), copy.DataFolder);
        return copy;
    }

    /// <summary>A server that can write to its data folder and nowhere else.</summary>
    private static async Task<ServerProcess> InReadOnlyRoot(TestInstallation installation, string prefix)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var data = installation.DataFolder;
        var script = $"""
            set -eu
            mount --bind {data} {data}
            for place in / /tmp /var/tmp /dev/shm /run /root; do
              if mountpoint -q $place; then mount -o remount,bind,ro $place; fi
            done
            if touch /tmp/writable /var/tmp/writable 2>/dev/null; then exit 1; fi
            exec {prefix} env HOME=/nowhere {RepositoryPaths.Program} serve --data {data} --listen {address.GetLeftPart(
                UriPartial.Authority
            )}
            """;
        var server = ServerProcess.Attach(installation, address, ChildProcess.Start("unshare", ["--mount", "bash", "-c", script]));
        await server.WaitUntilReady();
        return server;
    }

    private static async Task<string> Printed(string command, TestInstallation installation)
    {
        var data = installation.DataFolder;
        await using var process = ChildProcess.Start(
            "unshare",
            [
                "--mount",
                "bash",
                "-c",
                $"mount --bind {data} {data} && mount -o remount,bind,ro {data} && exec {RepositoryPaths.Program} {command} --data {data} "
                    + $"{(command == "serve" ? $"--listen http://127.0.0.1:{FreePort.Find()}" : "")}",
            ]
        );
        await process.WaitForExit();
        return string.Join('\n', process.Lines);
    }

    private static JsonElement Finding(JsonElement findings, string subject) =>
        findings.EnumerateArray().FirstOrDefault(one => one.GetProperty("subject").GetString() == subject);

    [GeneratedRegex("mkdir -p /data && chown (?<owner>[0-9:]+) /data && chmod (?<mode>[0-7]+) /data", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ImageFolder();
}
