using System.Text.Json;
using Latchkey.Core.Configuration;

namespace Latchkey.Tests.Core.Configuration;

/// <summary>Where settings come from, and what is refused.</summary>
public sealed class InstallationReaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-settings-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_of_JSON_gives_settings_by_their_variables()
    {
        Read("""{"LATCHKEY_LOG_DAYS": 7, "keys": "/k", "LATCHKEY_PEPPER": " p "}""").LogDays.ShouldBe(7);
        var settings = Read("""{"LATCHKEY_LOG_DAYS": "7", "keys": " /k ", "LATCHKEY_PEPPER": " p "}""");
        (settings.LogDays, settings.KeysFolder, settings.Pepper).ShouldBe((7, "/k", " p ")); // a secret is taken as it is
    }

    [Fact]
    public void The_folder_of_secrets_wins_over_the_file_and_the_command_line_over_both()
    {
        var secrets = Directory.CreateDirectory(Path.Combine(folder, "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "LATCHKEY_PEPPER"), "from the folder\n");
        File.WriteAllText(Path.Combine(secrets, "LATCHKEY_DATA"), "/folder\n");
        File.WriteAllText(Path.Combine(secrets, "somebody_elses"), "x");
        var settings = Read("""{"PEPPER": "from the file", "DATA": "/file"}""", ("SECRETS", secrets), ("DATA", "/line"));
        (settings.Pepper, settings.DataFolder).ShouldBe(("from the folder", "/line"));
    }

    [Fact]
    public void Every_setting_can_come_from_a_file_of_its_own()
    {
        // The mail server's token has a setting of its own for its file, which is read for each mail.
        foreach (var setting in InstallationSettingCatalog.All.Where(setting => setting is { NamesSource: false, Name: not "SMTP_TOKEN" }))
        {
            var file = Path.Combine(folder, setting.Name);
            File.WriteAllText(file, $"text of {setting.Name}\n");
            var json = JsonSerializer.Serialize(new Dictionary<string, string> { [$"{setting.Variable}_FILE"] = file });
            SettingSources.Read(Options(json))[setting.Name].ShouldBe($"text of {setting.Name}");
        }
    }

    [Theory]
    [InlineData("https://app.example.com/", "https://app.example.com")]
    [InlineData("HTTPS://App.Example.com:443", "https://app.example.com")]
    [InlineData("http://localhost:80/", "http://localhost")]
    [InlineData("http://localhost:3000", "http://localhost:3000")]
    [InlineData("https://müller.example", "https://xn--mller-kva.example")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    public void An_origin_is_written_as_browsers_send_it(string given, string origin) =>
        Read(JsonSerializer.Serialize(new { CORS_ORIGINS = $"https://first.example, {given}" }))
            .CorsOrigins.ShouldBe(["https://first.example", origin]);

    [Fact]
    public void A_star_is_all_origins() => Read("""{"CORS_ORIGINS": "*"}""").CorsOrigins.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"LATCHKEY_DATABSE": "x"}""", "LATCHKEY_DATABSE", "nearest is LATCHKEY_DATABASE.")]
    [InlineData("""{"LATCHKEY_DATABSE_FILE": "x"}""", "LATCHKEY_DATABSE_FILE", "nearest is LATCHKEY_DATABASE.")]
    [InlineData("""{"smtp": {"host": "x"}}""", "LATCHKEY_SMTP:HOST", "nearest is LATCHKEY_SMTP_HOST.")]
    [InlineData("""{"PEPPER": "a", "PEPPER_FILE": "b"}""", "LATCHKEY_PEPPER_FILE", "Remove one of them.")]
    [InlineData("""{"LATCHKEY_DATABSE": ""}""", "LATCHKEY_DATABSE", "nearest is LATCHKEY_DATABASE.")]
    [InlineData("""{"CONFIG": "/etc/other.json"}""", "LATCHKEY_CONFIG", "in the environment")]
    [InlineData("""{"LATCHKEY_CONFIG_FILE": "/etc/other.json"}""", "LATCHKEY_CONFIG_FILE", "in the environment")]
    [InlineData("""{"PEPPER_FILE": "/nowhere/at/all"}""", "/nowhere/at/all", "cannot be read")]
    [InlineData("""{"DATABASE": " \"postgres://ann:secret@h/db\" "}""", "LATCHKEY_DATABASE", "without quotes")]
    [InlineData("""{"DATA": "postgres://ann:secret@h/db"}""", "LATCHKEY_DATA", "Give a path")]
    [InlineData("""{"KEYS": "'/k'"}""", "LATCHKEY_KEYS", "without quotes")]
    [InlineData("""{"KEYS": "/k\""}""", "LATCHKEY_KEYS", "without quotes")]
    [InlineData("""{"KEYS": "“/k”"}""", "LATCHKEY_KEYS", "without quotes")]
    [InlineData("""{"DATA": "Host=db;Password=secret"}""", "LATCHKEY_DATA", "Give a path")]
    [InlineData("""{"DATA": "sqlite:secret"}""", "LATCHKEY_DATA", "Give a path")]
    [InlineData("""{"KEYS": "ann:secret@h/db"}""", "LATCHKEY_KEYS", "Give a path")]
    [InlineData("""{"PEPPER_FILE": "\"/secret\""}""", "LATCHKEY_PEPPER_FILE", "without quotes")]
    [InlineData("""{"PEPPER_FILE": "https://vault/secret"}""", "LATCHKEY_PEPPER_FILE", "Give a path")]
    [InlineData("""{"PEPPER_FILE": "/dev/zero"}""", "/dev/zero", "longer than")]
    [InlineData("""{"SMTP_HOST": "smtp://h:25", "SMTP_FROM": "a@h.test"}""", "LATCHKEY_SMTP_HOST", "name or address of a host")]
    [InlineData("""{"SMTP_HOST": "'h'", "SMTP_FROM": "a@h.test"}""", "LATCHKEY_SMTP_HOST", "without quotes")]
    [InlineData("""{"LOG_DAYS": "soon"}""", "LATCHKEY_LOG_DAYS", "not a number of days")]
    [InlineData("""{"LIMITS": "no"}""", "LATCHKEY_LIMITS", "on or off")]
    [InlineData("""{"PEPPER": "gr\uFFFDn"}""", "LATCHKEY_PEPPER", "not UTF-8")]
    [InlineData("""{"CORS_ORIGINS": "https://a.example/app"}""", "https://a.example/app", "no path")]
    [InlineData("""{"CORS_ORIGINS": "https://a.example https://*.b.example"}""", "https://*.b.example", "not an origin")]
    [InlineData("""{"CORS_ORIGINS": "a.example"}""", "a.example", "not an origin")]
    [InlineData("""{"CORS_ORIGINS": "https://a.example,*"}""", "*", "leave the setting out")]
    [InlineData("""{"CORS_ORIGINS": "https://a.example, \"https://b.example\""}""", "b.example", "not an origin")]
    [InlineData("""{"CORS_ORIGINS": "https://ann@a.example"}""", "ann@a.example", "not an origin")]
    [InlineData("""{"CORS_ORIGINS": "null"}""", "null", "not an origin")]
    [InlineData("""{"PORTAL_URL": "http://127.0.0.1:5500"}""", "http://127.0.0.1:5500/", "cookies know no ports")]
    [InlineData("""{"PORTAL_URL": "https://portal.example/x"}""", "https://portal.example/x", "no path")]
    [InlineData("""{"PORTAL_URL": "http://portal.example"}""", "http://portal.example/", "Use https")]
    [InlineData("""{"DNS_SERVERS": "9.9.9.9 dns.example"}""", "dns.example", "9.9.9.9 or 127.0.0.1:5353")]
    [InlineData("""{"LATCHKEY_CONFIG": "/etc/other.json"}""", "LATCHKEY_CONFIG", "in the environment")]
    [InlineData("""{"CONFIG_FILE": "/etc/other"}""", "CONFIG_FILE", "in the environment")]
    [InlineData("""{"DATABASE": ""}""", "LATCHKEY_DATABASE", "is empty")]
    [InlineData("""{"DATABASE": " \t"}""", "LATCHKEY_DATABASE", "is empty")]
    [InlineData("""{"PEPPER": " "}""", "LATCHKEY_PEPPER", "is empty")]
    [InlineData("not JSON", "settings.json", "one JSON object")]
    public void What_cannot_be_a_setting_stops_the_start_and_says_what_to_change(string json, string name, string advice)
    {
        var message = Should.Throw<InvalidSettingException>(() => Read(json)).Message;
        message.ShouldContain(name);
        message.ShouldContain(advice);
        message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("LATCHKEY_DATABASE", "")]
    [InlineData("LATCHKEY_DATABASE", " \n")]
    [InlineData("LATCHKEY_DATABSE", "x")]
    [InlineData("LATCHKEY_SECRETS", "/x")]
    [InlineData("LATCHKEY_PEPPER_FILE", "/nowhere/at/all")]
    public void A_file_in_the_folder_of_secrets_that_cannot_be_a_setting_stops_the_start(string name, string text)
    {
        var secrets = Directory.CreateDirectory(Path.Combine(folder, "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, name), text);
        Should.Throw<InvalidSettingException>(() => Read("{}", ("SECRETS", secrets)));
    }

    [Fact]
    public void A_setting_from_a_file_of_blanks_is_refused()
    {
        var file = Path.Combine(folder, "database");
        File.WriteAllText(file, " \n");
        Should
            .Throw<InvalidSettingException>(() => Read(JsonSerializer.Serialize(new { DATABASE_FILE = file })))
            .Message.ShouldContain("LATCHKEY_DATABASE");
    }

    [Fact]
    public void A_database_of_blanks_is_no_setting_that_is_missing()
    {
        var file = Path.Combine(folder, "database");
        File.WriteAllText(file, " \n");
        Should.Throw<InvalidSettingException>(() => Read("{}", ("DATABASE", ""))).Message.ShouldContain("LATCHKEY_DATABASE is empty");
        Should
            .Throw<InvalidSettingException>(() => Read("{}", ("DATABASE_FILE", file)))
            .Message.ShouldContain("It must contain LATCHKEY_DATABASE");
        var secrets = Directory.CreateDirectory(Path.Combine(folder, "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "LATCHKEY_DATABASE"), "\n");
        Should.Throw<InvalidSettingException>(() => Read("{}", ("SECRETS", secrets))).Message.ShouldContain("LATCHKEY_DATABASE is empty");
    }

    [Theory]
    [InlineData("LATCHKEY_CONFIG_FILE")]
    [InlineData("LATCHKEY_SECRETS_FILE")]
    public async Task Where_settings_are_is_not_read_from_a_file(string variable)
    {
        var file = Path.Combine(folder, "place");
        await File.WriteAllTextAsync(file, folder);
        Should
            .Throw<InvalidSettingException>(() => Read("""{"SECRETS": "/x"}"""))
            .Message.ShouldContain("LATCHKEY_SECRETS in the environment");
        (await Run("migrate", ("LATCHKEY_DATA", folder), (variable, file))).ShouldContain($"{variable}, which has no effect");
        (await Run("migrate", ("LATCHKEY_DATA", folder), ("LATCHKEY_DATABASE", " "))).ShouldContain("LATCHKEY_DATABASE is empty");
    }

    [Fact]
    public void Blanks_around_hosts_numbers_and_paths_do_not_count()
    {
        var settings = Read(
            """{"SMTP_HOST": " mail_relay.test ", "SMTP_PORT": " 2525 ", "SMTP_FROM": "\"Acme\" <a@h.test>", "LOG_DAYS": " 7\t", "DATA": "\u00a0/d "}"""
        );
        var smtp = settings.Mail.ShouldBeOfType<SmtpServer>();
        (smtp.Host, smtp.Port, smtp.From, settings.LogDays, settings.DataFolder).ShouldBe(
            ("mail_relay.test", 2525, "\"Acme\" <a@h.test>", 7, "/d")
        );
    }

    [Theory]
    [InlineData("mysql://ann:secret@h/db")]
    [InlineData("Server=h;Database=db;Password=secret")]
    [InlineData("Data Source=/x/secret.db")]
    [InlineData("host = h dbname = db password = secret")]
    [InlineData("jdbc:postgresql:secret")]
    [InlineData("ann:secret@h/db")]
    [InlineData("sqlite:\"secret.db\"")]
    [InlineData("'secret.db'")]
    [InlineData("sqlite:")]
    [InlineData("sqlite://secret.db")]
    [InlineData("SQLite:///secret.db")]
    [InlineData("10.0.0.5:5432/secret")]
    [InlineData("10.0.0.5/secret")]
    [InlineData("[::1]:5432/secret")]
    [InlineData("[::1]/secret")]
    [InlineData("db_1:5432")]
    public void What_looks_like_an_address_never_becomes_a_file_of_SQLite(string connection)
    {
        var message = Should.Throw<InvalidSettingException>(() => Latchkey.Data.Database.Exists(connection)).Message;
        message.ShouldStartWith("LATCHKEY_DATABASE (or --database)");
        message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("/x/latchkey.db", "/x/latchkey.db")]
    [InlineData(" sqlite:/x/latchkey.db ", "/x/latchkey.db")]
    [InlineData("/x/o'brien@home/a=b.db", "/x/o'brien@home/a=b.db")]
    [InlineData("/x/sqlite:y.db", "/x/sqlite:y.db")]
    [InlineData("/x/10.0.0.5:5432/latchkey", "/x/10.0.0.5:5432/latchkey")]
    public void Any_other_path_does(string connection, string path) => new Latchkey.Data.SqliteFile(connection).Path.ShouldBe(path);

    [Fact]
    public async Task An_unknown_variable_stops_a_command_before_anything_is_made()
    {
        var data = Path.Combine(folder, "data");
        (await Run("migrate", ("LATCHKEY_DATA", data), ("LATCHKEY_DATABSE", "x"))).ShouldContain("LATCHKEY_DATABASE");
        (await Run("app list", ("LATCHKEY_DATA", data), ("LATCHKEY_DATABSE", "x"))).ShouldContain("LATCHKEY_DATABASE");
        (await Run("migrate", ("LATCHKEY_DATA", data), ("LATCHKEY_CONFIG_FILE", "/x"))).ShouldContain("Set LATCHKEY_CONFIG in");
        (await Run("migrate", ("LATCHKEY_DATA", data), ("LATCHKEY_SECRETS_FILE", "/x"))).ShouldContain("Set LATCHKEY_SECRETS in");
        (await Run("migrate", ("LATCHKEY_DATA", data), ("LATCHKEY_DATABASE", "'postgres://h/db'"))).ShouldContain("without quotes");
        (await Run("migrate", ("LATCHKEY_DATA", data), ("LATCHKEY_DATABASE", "mysql://h/db"))).ShouldContain("LATCHKEY_DATABASE");
        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task Variables_that_Kubernetes_sets_for_a_service_called_latchkey_are_passed_over()
    {
        var data = Path.Combine(folder, "data");
        await Run(
            "migrate",
            ("LATCHKEY_DATA", $" {data} "),
            ("LATCHKEY_SERVICE_HOST", "10.0.0.1"),
            ("LATCHKEY_SERVICE_PORT_HTTP", "80"),
            ("LATCHKEY_PORT", "tcp://10.0.0.1:80"),
            ("LATCHKEY_PORT_80_TCP", "tcp://10.0.0.1:80")
        );
        File.Exists(Path.Combine(data, "latchkey.db")).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(data, "keys")).ShouldBe(File.GetUnixFileMode(data));
            File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void The_operations_guide_lists_every_setting()
    {
        var guide = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "operations.md"));
        var rows = guide.SkipWhile(line => line != "## Settings").Where(line => line.Contains("| `LATCHKEY_", StringComparison.Ordinal));
        rows.Take(InstallationSettingCatalog.All.Count)
            .ShouldBe(
                InstallationSettingCatalog.All.Select(setting =>
                    $"| {setting.Meaning} | {(setting.Option.Length > 0 ? $"`{setting.Option}` " : "")}"
                    + $"| `{setting.Variable}` | {setting.Default} |"
                )
            );
    }

    private static async Task<string> Run(string command, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Start(RepositoryPaths.Program, command.Split(' '), environment);
        await process.WaitForExit();
        return string.Join('\n', process.Lines);
    }

    private InstallationSettings Read(string json, params (string Name, string Value)[] options) =>
        InstallationReader.Read(Options(json, options));

    private Dictionary<string, string?> Options(string json, params (string Name, string Value)[] options)
    {
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, json);
        var all = options.ToDictionary(option => option.Name, option => (string?)option.Value, StringComparer.Ordinal);
        all["CONFIG"] = file;
        return all;
    }
}
