using System.Globalization;
using System.Text;
using System.Text.Json;
using Latchkey.Tests.Api.Linking;
using Latchkey.Tests.Users.Passwords;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>What is exported is imported again to the same users.</summary>
public sealed class ImportExportRoundTripTests(ServerFixture servers)
{
    private const int Users = 10_000;
    private const string Formula = "=+-@\t\r";
    private static readonly string[] Texts =
    [
        "=1+1",
        "+49",
        "-x",
        "@cmd",
        "'quoted",
        "''twice",
        "a,b",
        "a\"b",
        "two\nlines",
        "ünï",
        "💡",
        "\\",
        "trailing'",
        "{}",
        "null",
        "0",
    ];

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Export_import_export_gives_the_same_bytes(string format)
    {
        var first = await Fill();
        var exported = await first.ExportBytes(format, "--with-hashes", "--with-secrets");
        exported.AsSpan().StartsWith("\uFEFF"u8).ShouldBe(format == "csv"); // a spreadsheet reads UTF-8 then
        var second = await (await servers.Start()).CreateApp("locales=EN,FR");
        var file = TransferFiles.In(second, $"again.{format}");
        await File.WriteAllBytesAsync(file, exported);
        (await second.Installation.Run("user", "import", second.Id, file, "--json"))
            .ShouldSucceed()
            .Numbers()
            .ShouldBe([Users, Users, 0, 0, 0]);
        (await second.ExportBytes(format, "--with-hashes", "--with-secrets")).ShouldBe(exported);
        TestScale.RecordFigure(42, $"{format}: {Users:N0} users out, in and out again, {exported.Length:N0} bytes alike");
    }

    [Fact]
    public async Task Accounts_at_other_providers_come_back_where_the_application_has_the_provider()
    {
        var first = await servers.Main.CreateApp("signupFlow=none");
        await AddGitHub(first);
        await first.CreateUser("ann@example.com");
        await first.GiveIdentity("ann@example.com", "github", "4711");
        await first.GiveIdentity("ann@example.com", "google", "sub-of-ann");
        var exported = await first.Export("jsonl", "--with-hashes");

        var second = await (await servers.Start()).CreateApp("signupFlow=none");
        await AddGitHub(second);
        (await second.Import("again.jsonl", exported, "--json")).ShouldSucceed().Numbers().ShouldBe([1, 1, 0, 0, 0]);
        (await second.Export("jsonl", "--with-hashes")).ShouldBe(exported);

        var without = await (await servers.Start()).CreateApp("signupFlow=none");
        (await without.Import("again.jsonl", exported)).ShouldSucceed().Error.ShouldContain("the application has no such provider");
        var kept = await without.Export("jsonl", "--with-hashes");
        kept.ShouldContain("sub-of-ann");
        kept.ShouldNotContain("4711");

        static async Task AddGitHub(App app) =>
            (
                await app.Installation.RunWithInput("secret", ["provider", "create", app.Id, "github", "clientId=x", "--secret-stdin"])
            ).ShouldSucceed();
    }

    [Fact]
    public async Task An_export_without_the_key_of_a_seed_says_which_key_is_missing()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        await app.Installation.Execute(
            "UPDATE users SET totp_seed_sealed = @seed WHERE app_id = @Id",
            new { app.Id, seed = $"v1.20200101000000.{new string('A', 60)}" }
        );
        var file = TransferFiles.In(app, "all.jsonl");
        (await app.Installation.Run("user", "export", app.Id, "--with-secrets", "--output", file)).ShouldFail(
            "lacks the key 20200101000000"
        );
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task No_cell_of_a_CSV_export_runs_as_a_formula()
    {
        var app = await servers.Main.CreateApp();
        var users = Formula.Select(
            (begin, i) =>
                JsonSerializer.Serialize(
                    new Dictionary<string, object>
                    {
                        ["handle"] = $"{(begin is '=' or '+' or '-' ? begin : 'u')}{i}@example.com",
                        ["userName"] = $"-name{i}",
                        ["phone"] = $"+49{100_000_000 + i}",
                        ["loginProvider"] = "apple",
                        ["providerSubject"] = $"{begin}1+1\n{begin}2,\"{begin}3",
                        ["metaData"] = new Dictionary<string, string> { ["z"] = $"{begin}1+1" },
                        ["inviteMetaData"] = new Dictionary<string, string> { ["z"] = $"\r\n{begin}1+1" },
                    }
                )
        );
        (await app.Import("hostile.jsonl", string.Join('\n', users), "--json"))
            .ShouldSucceed()
            .Numbers()
            .ShouldBe([Formula.Length, Formula.Length, 0, 0, 0]);
        foreach (var begin in "\t\r") // no import leaves these at a value's beginning
        {
            (
                await app.Installation.Execute(
                    "UPDATE user_identities SET subject = @text WHERE app_id = @Id "
                        + "AND user_id = (SELECT id FROM users WHERE app_id = @Id AND handle = @handle)",
                    new
                    {
                        text = $"{begin}=1+1",
                        app.Id,
                        handle = $"u{Formula.IndexOf(begin)}@example.com",
                    }
                )
            ).ShouldBe(1);
        }

        var rows = Cells(await app.Export("csv"));
        rows.Count.ShouldBe(Formula.Length + 1);
        rows.ShouldAllBe(row => row.Count == rows[0].Count);
        rows.SelectMany(row => row).Where(cell => cell.Length > 0 && Formula.Contains(cell[0])).ShouldBeEmpty();
        // Each of them was there, and guarded
        rows.SelectMany(row => row).Where(cell => cell is ['\'', ..]).Select(cell => cell[1]).Distinct().Order().ShouldBe(Formula.Order());
        TestScale.RecordFigure(
            42,
            $"{rows.Sum(row => row.Count)} cells of hostile users, "
                + $"{rows.SelectMany(row => row).Count(cell => cell is ['\'', ..])} of them guarded, none runs"
        );
    }

    [Fact]
    public async Task Hashes_and_seeds_leave_only_when_they_are_asked_for()
    {
        var app = await Fill();
        foreach (var format in new[] { "csv", "jsonl" })
        {
            var bare = await app.Export(format);
            bare.ShouldNotContain("$2b$");
            bare.ShouldNotContain("JBSWY3DP");
            (await app.Export(format, "--with-hashes")).ShouldContain("$2b$");
            (await app.Export(format, "--with-secrets")).ShouldContain("JBSWY3DP");
        }

        var details = await app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'exportUsers' AND detail <> ''",
            new { app.Id }
        );
        details.ShouldBe(4);
    }

    /// <summary>The cells of a file as a spreadsheet reads them, written from RFC 4180 and not with the product's code.</summary>
    private static List<List<string>> Cells(string csv)
    {
        var (rows, row, cell, isQuoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (csv[i] == '"' && isQuoted && i + 1 < csv.Length && csv[i + 1] == '"')
            {
                cell.Append(csv[i++]);
            }
            else if (csv[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && csv[i] is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (csv[i] == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else
            {
                cell.Append(csv[i]);
            }
        }

        (isQuoted, row.Count, cell.Length).ShouldBe((false, 0, 0));
        return rows;
    }

    private async Task<App> Fill()
    {
        var app = await (await servers.Start()).CreateApp("locales=EN,FR");
        var hash = BcryptHashes.Hash(App.Password);
        (await app.Import("users.jsonl", string.Join('\n', Enumerable.Range(0, Users).Select(i => User(i, hash))))).ShouldSucceed();
        return app;
    }

    private static string User(int i, string hash)
    {
        var text = Texts[i % Texts.Length];
        var user = new Dictionary<string, object>
        {
            ["handle"] =
                i % 50 == 3 ? $"ANON_{i}"
                : i % 7 == 0 ? $"=+{i}@example.com"
                : $"user{i}@example.com",
            ["metaData"] = new Dictionary<string, string>
            {
                ["user_data.note"] = text,
                ["z"] = $"{i}",
                ["a.b"] = text + i.ToString(CultureInfo.InvariantCulture),
            },
            ["createdAt"] = 1_600_000_000_000 + (i / 3),
        };
        Add(user, i % 3 == 0, "userName", $"-name{i}");
        Add(user, i % 4 == 0, "passwordHash", hash);
        Add(user, i % 8 == 0, "passwordPrehashed", true);
        Add(user, i % 5 == 0, "phone", $"+49{100_000_000 + i}");
        Add(user, i % 10 == 0, "twoFactorPhone", true);
        Add(user, i % 6 == 0, "totpSeed", "JBSWY3DPEHPK3PXP");
        Add(user, i % 11 == 0, "loginProvider", "apple");
        Add(user, i % 11 == 0, "providerSubject", $"@{i}");
        Add(user, i % 19 == 0, "linkedIdentities", new[] { new { provider = "google", subject = $"\"{text}\",{i}" } });
        Add(user, i % 9 == 0, "status", "suspend");
        Add(user, i % 13 == 0, "locale", "FR");
        Add(user, i % 2 == 0, "lastLogin", 1_700_000_000_000 + i);
        Add(user, i % 17 == 0, "inviteMetaData", new Dictionary<string, string> { ["coupon"] = text });
        return JsonSerializer.Serialize(user);
    }

    private static void Add(Dictionary<string, object> user, bool when, string name, object value)
    {
        if (when)
        {
            user[name] = value;
        }
    }
}
