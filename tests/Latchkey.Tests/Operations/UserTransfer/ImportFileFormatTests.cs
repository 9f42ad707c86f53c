using System.Text;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>The same users in other forms of CSV and JSON, and files that hold none, which get one sentence.</summary>
public sealed class ImportFileFormatTests(ServerFixture servers)
{
    private const string Csv = "handle,userName,metaData.name\nann@example.com,ann,Ännchen\nbob@example.com,bob,\"a,b;c|d\te\"\n";
    private const string Ann = """{"handle":"ann@example.com","userName":"ann","metaData":{"name":"Ännchen"}}""";
    private const string Bob = """{"handle":"bob@example.com","userName":"bob","metaData":{"name":"a,b;c|d\te"}}""";

    [Theory]
    [InlineData("comma", Csv)]
    [InlineData("CR LF", "handle,userName,metaData.name\r\nann@example.com,ann,Ännchen\r\nbob@example.com,bob,\"a,b;c|d\te\"\r\n")]
    [InlineData("semicolon", "handle;userName;metaData.name\nann@example.com;ann;Ännchen\nbob@example.com;bob;\"a,b;c|d\te\"\n")]
    [InlineData("tab", "handle\tuserName\tmetaData.name\nann@example.com\tann\tÄnnchen\nbob@example.com\tbob\t\"a,b;c|d\te\"\n")]
    [InlineData("bar", "handle|userName|metaData.name\nann@example.com|ann|Ännchen\nbob@example.com|bob|\"a,b;c|d\te\"\n")]
    [InlineData(
        "quoted",
        "\"handle\";\"userName\";\"metaData.name\"\n\"ann@example.com\";\"ann\";\"Ännchen\"\n\"bob@example.com\";\"bob\";\"a,b;c|d\te\"\n"
    )]
    [InlineData("Excel's hint", "sep=;\nhandle;userName;metaData.name\nann@example.com;ann;Ännchen\nbob@example.com;bob;\"a,b;c|d\te\"\n")]
    [InlineData("lines", $"{Ann}\n{Bob}\n")]
    [InlineData("array", $"[{Ann},{Bob}]")]
    [InlineData("array of lines", $"[\n{Ann},\n{Bob}\n]\n")]
    [InlineData("users", $$"""{"realm":"x","roles":[{"name":"admin"}],"users":[{{Ann}},{{Bob}}],"count":2}""")]
    [InlineData(
        "users over lines",
        $$"""
            {
              "count": 2,
              "users": [
                {{Ann}},
                {{Bob}}
              ]
            }
            """
    )]
    [InlineData("a list of another name", $$"""{"SELECT * FROM people":[{{Ann}},{{Bob}}]}""")]
    [InlineData("pages", $$"""{"total":2,"items":[{{Ann}}]}{"total":2,"items":[{{Bob}}]}""")]
    [InlineData(
        "objects over lines",
        """
            {
              "handle": "ann@example.com", "userName": "ann",
              "metaData": {"name": "Ännchen"}
            }
            {
              "handle": "bob@example.com", "userName": "bob",
              "metaData": {"name": "a,b;c|d\te"}
            }
            """
    )]
    public async Task The_same_users_come_in(string form, string text)
    {
        var app = await servers.Main.CreateApp();
        foreach (
            var (i, encoding) in new Encoding[]
            {
                new UTF8Encoding(false),
                new UTF8Encoding(true),
                new UnicodeEncoding(false, true),
                new UnicodeEncoding(true, true),
                new UnicodeEncoding(false, false),
                new UTF32Encoding(false, true),
            }.Index()
        )
        {
            var file = TransferFiles.In(app, $"users{i}.txt");
            await File.WriteAllTextAsync(file, text, encoding);
            (await app.Installation.Run("user", "import", app.Id, file, "--json"))
                .ShouldSucceed()
                .Numbers()
                .ShouldBe([2, 2, 0, 0, 0], $"{form} in {encoding.WebName}");
            (await Names(app)).ShouldBe("ann:ann:Ännchen bob:bob:a,b;c|d\te", $"{form} in {encoding.WebName}");
            await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id", new { app.Id });
        }
    }

    [Theory]
    [InlineData("ann@example.com,true\nbob@example.com,true\n", "The file has no header")]
    [InlineData("1;ann@example.com;$2b$10$PVQ9GKGE0u/gVbZQDoyBcOYEF0mApMnJWbcfFZEPtBHs2VTxEI4l.\n", "The file has no header")]
    [InlineData("", "The file is empty")]
    [InlineData("\n\n", "The file is empty")]
    [InlineData("PK\x03\x04xxxx", "a spreadsheet")]
    [InlineData("\x1F\x8B\x08", "Unpack it")]
    [InlineData("SQLite format 3\0", "SQLite database")]
    [InlineData("-- MySQL dump 10.13\n", "a dump of a database")]
    [InlineData("INSERT INTO `users` VALUES (1)", "a dump of a database")]
    [InlineData("<?xml version=\"1.0\"?>", "XML")]
    [InlineData("[\n{\"type\":\"header\",\"version\":\"5.2.0\",\"comment\":\"Export to JSON plugin for PHPMyAdmin\"}]", "phpMyAdmin")]
    public async Task What_holds_no_users_gets_one_sentence(string text, string sentence)
    {
        var app = await servers.Main.CreateApp();
        await File.WriteAllBytesAsync(TransferFiles.In(app, "users.csv"), Encoding.Latin1.GetBytes(text));
        var printed = await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, "users.csv"));
        printed.ShouldFail(sentence);
        printed.Error.Trim().Split('\n').Length.ShouldBe(1);
        printed.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("users.csv", 3, "handle,metaData.name\nann@example.com,Ann\nbob@example.com,Bjö\n")]
    [InlineData("users.jsonl", 2, "{\"handle\":\"ann@example.com\"}\n{\"handle\":\"bob@example.com\",\"metaData\":{\"name\":\"Bjö\"}}\n")]
    [InlineData("users.json", 3, "[{\"handle\":\"ann@example.com\"},\n\n{\"handle\":\"bob@example.com\",\"metaData\":{\"name\":\"Bjö\"}}]")]
    public async Task Another_encoding_gets_one_sentence_with_the_command_that_helps(string name, int line, string text)
    {
        var app = await servers.Main.CreateApp();
        var file = TransferFiles.In(app, name);
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(text));
        var printed = await app.Installation.Run("user", "import", app.Id, file, "--skip-bad");
        printed.ShouldFail($"Line {line} of the file is not UTF-8");
        printed.Error.Trim().Split('\n').Length.ShouldBe(1);

        var command = printed.Error[printed.Error.IndexOf("iconv", StringComparison.Ordinal)..].Trim().Replace("FILE", $"'{file}'");
        await ChildProcess.Run("bash", "-c", command.Replace("'.utf8", ".utf8'"));
        (await app.Installation.Run("user", "import", app.Id, $"{file}.utf8")).ShouldSucceed();
        (await Names(app)).ShouldContain("Bjö");
    }

    [Theory]
    [InlineData("users.json", "[\n{\"handle\":\"a@example.com\"},\n{\"handle\":\"b@exa", 3)]
    [InlineData("users.csv", "handle\na@example.com\n\"b@example.com\n", 3)]
    public async Task A_file_that_is_cut_is_not_imported_without_its_end(string name, string text, int line)
    {
        var app = await servers.Main.CreateApp();
        foreach (var options in new[] { new[] { "--skip-bad" }, ["--skip-bad", "--dry-run"] })
        {
            var printed = await app.Import(name, text, options);
            printed.ExitCode.ShouldBe(1);
            printed.Error.ShouldContain($"The file cannot be read from line {line} on");
        }

        (await app.Users()).ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_is_refused_for_what_refuses_the_import()
    {
        var app = await servers.Main.CreateApp("maxUsers=1");
        var printed = await app.Import("users.csv", "handle\na@example.com\nb@example.com\n", "--dry-run");
        printed.ExitCode.ShouldBe(1);
        printed.Error.ShouldContain("The application can have 1 users");
    }

    [Fact]
    public async Task Text_that_is_not_what_its_mark_says_is_refused_and_never_mended()
    {
        var app = await servers.Main.CreateApp();
        byte[] loneSurrogate =
        [
            0xFF,
            0xFE,
            .. Encoding.Unicode.GetBytes("handle\nann"),
            0x00,
            0xD8,
            .. Encoding.Unicode.GetBytes("@example.com\n"),
        ];
        await File.WriteAllBytesAsync(TransferFiles.In(app, "users.csv"), loneSurrogate);
        (await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, "users.csv"))).ShouldFail("The file is damaged");
        (await app.Users()).ShouldBe(0);
    }

    [Fact]
    public async Task A_document_that_is_cut_off_names_the_line_and_nothing_comes_in()
    {
        var app = await servers.Main.CreateApp();
        var printed = await app.Import("users.json", $"[\n{Ann},\n{Bob},\n{{\"handle\":\"c@example.com\"");
        printed.ExitCode.ShouldBe(1);
        printed.Output.ShouldContain("line 4: not JSON; neither this row nor what follows it is read");
        (await app.Users()).ShouldBe(0);
    }

    [Fact]
    public async Task Standard_input_and_other_pipes_are_files_too()
    {
        var app = await servers.Main.CreateApp();
        await File.WriteAllTextAsync(TransferFiles.In(app, "users"), $"[{Ann}]");
        await File.WriteAllTextAsync(TransferFiles.In(app, "more"), $"{Bob}\n");
        var import =
            $"'{RepositoryPaths.Program}' user import {app.Id} --data '{app.Installation.DataFolder}' --database '{app.Installation.DatabaseConnection}'";
        await ChildProcess.Run("bash", "-c", $"{import} - < '{TransferFiles.In(app, "users")}'");
        await ChildProcess.Run("bash", "-c", $"{import} <(cat '{TransferFiles.In(app, "more")}')");
        (await app.Users()).ShouldBe(2);
    }

    private static async Task<string> Names(App app) =>
        await app.Installation.Query<string>(
            $$"""
            SELECT {{(Engine.IsPostgres ? "string_agg(u, ' ' ORDER BY u COLLATE \"C\")" : "group_concat(u, ' ')")}} FROM (
              SELECT REPLACE(handle, '@example.com', '') || ':' || COALESCE(user_name, '-') || ':'
                || COALESCE({{(Engine.IsPostgres ? "metadata::jsonb ->> 'name'" : "json_extract(metadata, '$.name')")}}, '-') AS u
              FROM users WHERE app_id = @Id ORDER BY handle) AS all_users
            """,
            new { app.Id }
        );
}
