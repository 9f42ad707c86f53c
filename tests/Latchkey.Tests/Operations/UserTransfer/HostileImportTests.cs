using System.Globalization;
using System.Text;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>Files that mean harm, and imports that die.</summary>
public sealed class HostileImportTests(ServerFixture servers)
{
    private static readonly long MostMemory = TestScale.Size(150, 300) * 1024;
    private static readonly int LongestLine = TestScale.Size(160, 1024); // MiB: more than it may take
    private static readonly int Names = TestScale.Size(100_000, 1_000_000);
    private static readonly int LongRows = TestScale.Size(600, 4000); // of half a MiB each
    private static readonly int Users = TestScale.Size(20_000, 60_000);

    [Theory]
    [InlineData("users.jsonl", "{\"handle\":\"")]
    [InlineData("value.json", "[\n{\"handle\":\"ok@example.com\"},\n{\"handle\":\"")]
    [InlineData("numbers.json", "[\n{\"handle\":\"ok@example.com\"},\n{\"metaData\":[1", "1,1,1,1,")]
    [InlineData("document.json", "{\"realm\":\"x\",\"users\":[\n{\"handle\":\"ok@example.com\"},\n{\"handle\":\"")]
    [InlineData("lone.json", "{\n\"handle\":\n[1", "1,1,1,1,")]
    [InlineData("users.csv", "handle\nok@example.com\n\"")]
    [InlineData("bare.csv", "handle\nok@example.com\n")]
    [InlineData("cells.csv", "handle\nok@example.com\n,")]
    public async Task A_line_of_a_gigabyte_is_refused_in_little_memory(string name, string start, string? repeated = null)
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "no line of it comes near the database");
        var app = await servers.Main.CreateApp();
        await using (var file = File.Create(TransferFiles.In(app, name)))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(start));
            var piece = repeated ?? (name == "cells.csv" ? "," : "x");
            var chunk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 1024 * 1024 / piece.Length)));
            for (var i = 0; i < LongestLine; i++)
            {
                await file.WriteAsync(chunk);
            }

            await file.WriteAsync("\n{\"handle\":\"after@example.com\"}\n"u8.ToArray());
        }

        var printed = await Measured(app, name);
        printed.ShouldContain(name == "users.jsonl" ? "line 1: longer than 1 MiB" : "line 3: ");
        PeakKilobytes(printed).ShouldBeLessThan(MostMemory, printed);
        TestScale.RecordFigure(43, $"{name}: a line of {LongestLine} MiB refused with {PeakKilobytes(printed) / 1024} MiB at most");
        File.Delete(TransferFiles.In(app, name));
    }

    [Fact]
    public async Task What_stands_in_the_quotes_of_a_row_that_is_too_long_is_not_taken_for_users()
    {
        var app = await servers.Main.CreateApp();
        var printed = await app.Import("users.csv", $"handle\n\"{new string('x', 3 * 1024 * 1024)}\nevil@example.com\n\"\n", "--dry-run");
        printed.Output.ShouldContain("line 2: longer than 1 MiB");
        printed.Output.ShouldContain(" 0 would be added");
    }

    [Fact]
    public async Task Deep_JSON_and_other_oddities_are_refused_by_line()
    {
        var app = await servers.Main.CreateApp();
        string[] lines =
        [
            $"{{\"handle\":\"a@example.com\",\"metaData\":{string.Concat(Enumerable.Repeat("{\"a\":", 10_000))}1{new string('}', 10_000)}}}",
            "{\"handle\":\"a@example.com\",\"handle\":\"b@example.com\"}",
            "{\"handle\":\"a\\u0000@example.com\"}",
            "{\"handle\":{\"a\":1}}",
            "[1]",
            "not json",
            "{\"handle\":\"a@example.com\",\"status\":\"admin\"}",
            "{\"handle\":\"a@example.com\",\"createdAt\":\"yesterday\"}",
            "{\"handle\":\"a@example.com\",\"totpSeed\":\"1\"}",
            "{\"handle\":\"a@example.com\",\"twoFactorPhone\":true}",
            "{\"handle\":\"a@example.com\",\"status\":{\"a\":1}}",
        ];
        var printed = await app.Import("users.jsonl", string.Join('\n', lines), "--dry-run");
        for (var i = 1; i <= lines.Length; i++)
        {
            printed.Output.ShouldContain($"line {i}: ");
        }

        printed.Output.ShouldContain($"{lines.Length} rows: 0 would be added");
    }

    [Fact]
    public async Task A_name_with_half_of_a_character_costs_its_row_alone()
    {
        var app = await servers.Main.CreateApp();
        var csv = await app.Import(
            "users.csv",
            "handle,metaData\na@example.com,\"{\"\"\\ud800\"\":\"\"x\"\"}\"\nb@example.com,\n",
            "--dry-run"
        );
        csv.Output.ShouldContain("line 2: metaData: not JSON");
        csv.Output.ShouldContain("2 rows: 1 would be added");
        var json = await app.Import(
            "users.jsonl",
            "{\"handle\":\"a@example.com\",\"metaData\":{\"\\ud800\":\"x\"}}\n{\"handle\":\"b@example.com\"}\n",
            "--dry-run"
        );
        json.Output.ShouldContain("2 rows: 1 would be added");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        var app = await servers.Main.CreateApp();
        await File.WriteAllBytesAsync(TransferFiles.In(app, "users.csv"), [.. "handle,userName\na@example.com,"u8, 0xFF, 0xFE, .. "\n"u8]);
        (await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, "users.csv"), "--dry-run")).ShouldFail(
            "Line 2 of the file is not UTF-8"
        );
        await File.WriteAllBytesAsync(
            TransferFiles.In(app, "users.jsonl"),
            [.. "{\"handle\":\"a@example.com\",\"userName\":\""u8, 0xFF, 0xFE, .. "\"}\n"u8]
        );
        (await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, "users.jsonl"), "--dry-run")).ShouldFail(
            "Line 1 of the file is not UTF-8"
        );
    }

    [Fact]
    public async Task Names_without_end_take_little_memory()
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "no line of it comes near the database");
        var app = await servers.Main.CreateApp();
        var end = new string('x', 1000);
        await using (var file = new StreamWriter(TransferFiles.In(app, "names.jsonl")))
        {
            for (var i = 0; i < Names; i++)
            {
                await file.WriteLineAsync($$"""{"handle":"u{{i % 100}}@example.com","metaData":{"{{i}}":["x"]},"name{{i}}{{end}}":1}""");
            }
        }

        var printed = await Measured(app, "names.jsonl", "--ignore-unknown");
        printed.ShouldContain("ignored: name0");
        PeakKilobytes(printed).ShouldBeLessThan(2 * MostMemory);
        TestScale.RecordFigure(43, $"{Names} lines with a name of 1,000 letters each, {PeakKilobytes(printed) / 1024} MiB at most");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_are_all_long_take_little_memory(bool areNamesLong)
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "no line of it comes near the database");
        var app = await servers.Main.CreateApp();
        var filling = new string('x', 500_000);
        await using (var file = new StreamWriter(TransferFiles.In(app, "long.jsonl")))
        {
            for (var i = 0; i < LongRows; i++)
            {
                var (name, value) = areNamesLong ? ($"name{i}{filling}", "") : ("name", filling);
                await file.WriteLineAsync($$"""{"handle":"u{{i}}@example.com","{{name}}":"{{value}}"}""");
            }
        }

        var printed = await Measured(app, "long.jsonl", "--ignore-unknown");
        printed.ShouldContain($"{LongRows} rows");
        PeakKilobytes(printed).ShouldBeLessThan(2 * MostMemory, printed);
        File.Delete(TransferFiles.In(app, "long.jsonl"));
    }

    [Fact]
    public async Task An_import_that_was_killed_goes_on_where_it_was()
    {
        var app = await servers.Main.CreateApp();
        await File.WriteAllLinesAsync(
            TransferFiles.In(app, "users.csv"),
            ["handle,userName", .. Enumerable.Range(0, Users).Select(i => $"user{i}@example.com,name{i}")]
        );
        await using (var import = ChildProcess.Start(RepositoryPaths.Program, Arguments(app, "users.csv")))
        {
            await WaitUntil.IsTrue("some users are there", async () => import.HasExited || await app.Users() > 0);
            await import.Kill();
        }

        var before = await app.Users();
        before.ShouldBeInRange(1, Users - 1); // it was half done
        (await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, "users.csv"), "--json"))
            .ShouldSucceed()
            .Numbers()
            .ShouldBe([Users, Users - before, 0, before, 0]);
        (await app.Users()).ShouldBe(Users);
    }

    [Fact]
    public async Task Standard_input_is_kept_below_the_data_folder_and_not_in_tmp()
    {
        var (installation, import) = await ImportFromStandardInput();
        await ChildProcess.Run("bash", "-c", $"echo -e 'handle\\na@example.com' | TMPDIR=/nowhere {import}");
        (await installation.Query<long>("SELECT COUNT(*) FROM users")).ShouldBe(1);
        Directory.GetDirectories(installation.DataFolder, "import.*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_of_standard_input_stays_when_the_import_is_interrupted()
    {
        var (installation, command) = await ImportFromStandardInput();
        var pipe = Path.Combine(installation.DataFolder, "pipe");
        await using var import = ChildProcess.Start("bash", ["-c", $"mkfifo {pipe}; exec 3<>{pipe}; echo handle >&3; exec {command} <&3"]);
        await WaitUntil.IsTrue("the copy has begun", () => Task.FromResult(Copies().Length == 1));
        File.GetUnixFileMode(Copies()[0]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        import.Signal(ChildProcess.Terminate);
        await import.WaitForExit();
        Copies().ShouldBeEmpty();

        string[] Copies() => Directory.GetDirectories(installation.DataFolder, "import.*");
    }

    [Fact]
    public async Task Others_write_while_an_import_runs()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        await File.WriteAllLinesAsync(
            TransferFiles.In(app, "users.csv"),
            ["handle,userName", .. Enumerable.Range(0, Users).Select(i => $"user{i}@example.com,name{i}")]
        );
        await using var import = ChildProcess.Start(RepositoryPaths.Program, Arguments(app, "users.csv"));
        var joined = 0;
        while (!import.HasExited)
        {
            await app.LoginAnonymous($"ANON_{joined++}");
        }

        import.ExitCode.ShouldBe(0);
        (await app.Users()).ShouldBe(Users + joined);
    }

    [Fact]
    public async Task After_an_import_PostgreSQL_plans_for_the_users_that_came()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite plans without statistics");
        var app = await (await servers.Start()).CreateApp();
        (
            await app.Import("users.csv", $"handle\n{string.Join('\n', Enumerable.Range(0, 500).Select(i => $"user{i}@example.com"))}\n")
        ).ShouldSucceed();
        await WaitUntil.IsTrue(
            "the statistics know of them",
            async () => await app.Installation.Query<float>("SELECT reltuples FROM pg_class WHERE oid = 'users'::regclass") >= 500
        );
        await WaitUntil.IsTrue(
            "they are the import's",
            () => app.Installation.Query<bool>("SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'users'")
        );
    }

    private async Task<(TestInstallation Installation, string Command)> ImportFromStandardInput()
    {
        var installation = await servers.NewInstallation();
        var app = (await installation.Run("app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json;
        var place = string.Join(' ', NextRelease.Place(installation).Select(word => $"'{word}'"));
        return (installation, $"'{RepositoryPaths.Program}' user import {app.GetProperty("appId").GetString()} - {place}");
    }

    private static async Task<string> Measured(App app, string name, string option = "") =>
        await ChildProcess.Run(
            "bash",
            "-c",
            $"'{RepositoryPaths.Program}' {string.Join(' ', Arguments(app, name).Select(argument => $"'{argument}'"))} --dry-run {option} & p=$!; m=0; while [ -e /proc/$p/status ]; do k=$(awk '/VmHWM/ {{ print $2 }}' /proc/$p/status 2>/dev/null); [ -n \"$k\" ] && m=$k; sleep 0.05; done; wait $p; echo peak $m"
        );

    private static long PeakKilobytes(string printed) =>
        long.Parse(printed.Split("peak ")[1].Trim().Split('\n')[0], CultureInfo.InvariantCulture);

    private static string[] Arguments(App app, string name) =>
        [
            "user",
            "import",
            app.Id,
            TransferFiles.In(app, name),
            "--data",
            app.Installation.DataFolder,
            "--database",
            app.Installation.DatabaseConnection,
        ];
}
