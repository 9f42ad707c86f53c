using System.IO.Compression;
using System.Text;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Tests.SdkClients;

namespace Latchkey.Tests.Operations.CosyncMigration;

/// <summary>Applications of a CosyncJWT server, from its collections and from its portal's export.</summary>
public sealed class CosyncImportTests(ServerFixture servers)
{
    private const string Una = "una@example.com";
    private const string Name = """{"user_data":{"name":"Una"}}""";

    [Theory]
    [InlineData("swift", false)]
    [InlineData("reactnative", false)]
    [InlineData("kotlin", false)]
    [InlineData("swift", true)]
    public async Task An_app_that_is_out_goes_on_working(string name, bool fromPortalExport)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, "her password", ("metaData", Document("Una")), ("userName", "una"));
        var server = await servers.Unlimited();
        await Move(server, old, fromPortalExport);
        var app = Moved(server, old);
        var una = SdkClient.Create(name, app);
        (await Should.ThrowAsync<SdkException>(() => una.Login(Una, "another password"))).Code.ShouldBe(600);
        await una.Login(Una, "her password");
        (await una.HandleOfUser()).ShouldBe(Una);
        await una.ChangePassword("her password", "a new password");
        await una.Login(Una, "a new password");
        await una.ForgotPassword(Una);
        await una.ResetPassword(Una, "a third password", await app.LastCodeFor(Una));
        await una.Login(Una, "a third password");
    }

    [Fact]
    public async Task Of_two_users_with_one_phone_in_two_spellings_one_keeps_it()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, "her password", ("phone", "19195551212"), ("phoneVerified", true));
        old.AddUser("kim@example.com", "kims own", ("phone", "+19195551212"), ("phoneVerified", true));
        var server = await servers.Unlimited();
        await Move(server, old);
        (
            await server.Installation.Query<long>(
                "SELECT COUNT(*) FROM users WHERE app_id = @AppId AND phone = '+19195551212'",
                new { old.AppId }
            )
        ).ShouldBe(1);
        (await Moved(server, old).CountUsers("kim@example.com")).ShouldBe(1);
    }

    [Fact]
    public async Task People_sign_up_as_before_with_common_passwords_too()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, "her password", ("metaData", Document("Una")), ("userName", "una"));
        var server = await servers.Unlimited();
        await Move(server, old);
        var app = Moved(server, old);
        var kim = new SwiftSdk(app, SwiftVersion.All[0]);
        await kim.Signup("kim@example.com", "password", Name);
        await kim.CompleteSignup("kim@example.com", await app.LastCodeFor("kim@example.com"));
        (await kim.HandleOfUser()).ShouldBe("kim@example.com");
        var settings = (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed().Json;
        foreach (
            var safeguard in new[]
            {
                "blockCommonPasswords",
                "resetKeepsTwoFactor",
                "socialLoginTwoFactor",
                "stepUpRequired",
                "linkingEnabled",
            }
        )
        {
            settings.GetProperty(safeguard).GetInt32().ShouldBe(0, safeguard);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task App_Id_key_App_Token_and_App_Secret_stay(bool isEncrypted)
    {
        using var old = new CosyncServerFixture { EncryptionKey = isEncrypted ? "a configured text" : null };
        old.AddUser(Una, App.Password, ("metaData", Document("Una")), ("userName", "Una"));
        await Move(servers.Main, old, options: isEncrypted ? ["--encryption-key-file", old.KeyFile()] : []);
        var app = Moved(servers.Main, old);

        (await servers.Main.Get($"/apps/{old.AppId}/public-key.pem")).Text.Trim().ShouldBe(old.AppPublicKey.Trim());
        var una = await app.Login("una");
        Jwt.Verify(una.Jwt, _ => LegacyServer.ReadKey(old.AppPublicKey)).ShouldNotBeNull();
        una.Claims.GetProperty("aud").GetString().ShouldBe("realm-1");
        una.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Una");
        una.Claims.GetProperty("sub").GetString().ShouldBe(Una);
        (await app.SendAsServer(HttpMethod.Get, $"users/{una.Id()}")).ShouldBeOk();

        var shown = (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed();
        (shown.Json.GetProperty("userJWTExpiration").GetInt32(), shown.Json.GetProperty("locales").GetString()).ShouldBe((12, "EN,DE"));
        (await app.Installation.Query<string>("SELECT settings FROM applications WHERE id = @Id", new { app.Id })).ShouldNotContain(
            "canary-twilio"
        );
        var token = (await app.Installation.Run("app", "token", app.Id)).ShouldSucceed().Output.Trim();
        token.ShouldNotBe(old.AppToken);
        (await (app with { Token = token }).Get("getApplication")).ShouldBeOk();
    }

    [Fact]
    public async Task What_cannot_move_is_said_and_the_rest_moves()
    {
        using var old = new CosyncServerFixture();
        old.AddUser("Twice@example.com", "first", ("lastLogin", CosyncServerFixture.Date("2021-01-01T00:00:00Z")), ("userName", "twice"));
        old.AddUser("twice@example.com", "second", ("lastLogin", CosyncServerFixture.Date("2022-01-01T00:00:00Z")));
        old.AddUser(
            "odd@example.com",
            App.Password,
            ("userName", "no such name!"),
            ("locale", "XX"),
            ("phone", "12"),
            ("phoneVerified", true)
        );
        old.AddUser("pending@example.com", App.Password, ("status", "pending"));
        old.AddUser("gone@example.com", App.Password, ("status", "suspend"));
        old.AddUser(
            "two@example.com",
            App.Password,
            ("twoFactorGoogleVerification", true),
            ("googleSecretKey", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        );
        old.AddUser("g@example.com", App.Password, ("loginProvider", "google"), ("socialUserId", "g-1"));
        old.Templates.Add(
            new()
            {
                ["appId"] = old.AppId,
                ["templateName"] = "signUp",
                ["subject"] = "Welcome aboard",
                ["htmlTemplate"] = "<p>%CODE%</p>",
                ["locale"] = "EN",
                ["replyTo"] = "",
            }
        );
        old.Templates.Add(
            new()
            {
                ["appId"] = old.AppId,
                ["templateName"] = "unheard",
                ["subject"] = "x",
                ["htmlTemplate"] = "x",
                ["locale"] = "EN",
            }
        );

        var dry = await Run(servers.Main, old.Collections(), "--dry-run");
        dry.ExitCode.ShouldBe(0, dry.Error);
        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @AppId", new { old.AppId })).ShouldBe(0);
        var printed = await Move(servers.Main, old);
        printed.Output.ShouldContain("template at line 2");
        foreach (
            var said in new[]
            {
                "user at line 1: left out; another user with this handle",
                "user at line 3: its user name",
                "user at line 3: its locale",
                "user at line 3: its phone",
                "user at line 4: left out",
                "metaData: sub.x",
            }
        )
        {
            dry.Output.ShouldContain(said);
            printed.Output.ShouldContain(said);
        }

        var app = Moved(servers.Main, old);
        (await app.TryLogin("twice@example.com", "first")).ShouldFailWith(600);
        await app.Login("twice@example.com", "second");
        await app.Login("odd@example.com");
        (await app.TryLogin("pending@example.com")).ShouldFailWith(600);
        (await app.TryLogin("gone@example.com")).ShouldFailWith(404);
        await app.LoginToken("two@example.com");
        (
            await app.Installation.Query<string>(
                "SELECT i.subject FROM user_identities i JOIN users u ON u.app_id = i.app_id AND u.id = i.user_id "
                    + "WHERE u.app_id = @Id AND u.handle = 'g@example.com'",
                new { app.Id }
            )
        ).ShouldBe("g-1");
        (await app.Signup("new@example.com", metaData: """{"user_data":{"name":"N"}}""")).ShouldBeTrue();
        (await app.Mails("new@example.com"))[0].Subject.ShouldBe("Welcome aboard");
    }

    [Fact]
    public async Task Metadata_with_half_of_a_character_is_left_out_and_its_user_moves()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password, ("metaData", """{"\ud800":"x"}"""));
        old.AddUser("late@example.com", App.Password);
        (await Move(servers.Main, old)).Output.ShouldContain("user at line 1: metadata cannot be read");
        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @AppId", new { old.AppId })).ShouldBe(2);
    }

    [Fact]
    public async Task A_list_in_metadata_is_left_out_alone()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password, ("metaData", """{"user_data":{"name":"Una","roles":["a"]}}"""));
        (await Move(servers.Main, old)).Output.ShouldContain("user at line 1: metaData.user_data.roles is omitted");
        (await servers.Main.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @AppId", new { old.AppId })).ShouldBe(
            """{"user_data.name":"Una"}"""
        );
    }

    [Fact]
    public async Task Collections_that_were_exported_as_arrays_move_too()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        old.AddUser("late@example.com", App.Password);
        var folder = old.Collections();
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            await File.WriteAllTextAsync(file, $"[{string.Join(",\n", await File.ReadAllLinesAsync(file))}]\n");
        }

        (await Run(servers.Main, folder, "--public-key", old.PublicKeyFile)).ShouldSucceed().Output.ShouldContain("with 2 users");
    }

    [Theory]
    [InlineData("users.json", "{\"handle\":\"cut@exa", "not a JSON object")]
    [InlineData("users.json", "{\"handle\":\"a@example.com\",\"handle\":\"b@example.com\"}", "with a name twice")]
    [InlineData("users.json", "{\"handle\":\"\u00e9\"}", "not UTF-8")]
    [InlineData("users.json", "long", "longer than 1 MiB")]
    [InlineData("emailtemplates.json", "\"signUp\"", "not a JSON object")]
    [InlineData("apps.json", "{\"appId\"", "not a JSON object")]
    public async Task A_row_that_cannot_be_read_is_named_and_is_no_success(string file, string row, string because)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var folder = old.Collections();
        var bytes = Encoding.Latin1.GetBytes(row == "long" ? $"{{\"handle\":\"{new string('x', 1024 * 1024)}\"}}" : row);
        var before = (await File.ReadAllLinesAsync(Path.Combine(folder, file))).Length;
        await using (var stream = new FileStream(Path.Combine(folder, file), FileMode.Append))
        {
            await stream.WriteAsync(bytes);
        }

        foreach (var options in new[] { new[] { "--dry-run" }, [] })
        {
            var printed = await Run(servers.Main, folder, ["--public-key", old.PublicKeyFile, .. options]);
            printed.ExitCode.ShouldBe(1);
            printed.Error.ShouldContain("latchkey: 1 rows cannot be read");
            printed.Output.ShouldContain($"{file}: line {before + 1}: ");
            printed.Output.ShouldContain(because);
        }

        (await Moved(servers.Main, old).CountUsers(Una)).ShouldBe(1);
    }

    [Theory]
    [InlineData("developer@example.com,1\n", "cells where the header has")]
    [InlineData("\"never closed", "a quote that is never closed")]
    public async Task A_row_of_the_portals_export_that_cannot_be_read_is_named_too(string row, string because)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var zip = old.PortalExport();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            using var users = archive.GetEntry("user-collection.csv").ShouldNotBeNull().Open();
            users.Seek(0, SeekOrigin.End);
            users.Write(Encoding.UTF8.GetBytes(row));
        }

        var printed = await Run(servers.Main, zip);
        printed.ExitCode.ShouldBe(1);
        (printed.Output + printed.Error).ShouldContain($"user-collection.csv: line 3: ");
        (printed.Output + printed.Error).ShouldContain(because);
    }

    [Theory]
    [InlineData("users.json", "[{\"handle\":\"a@example.com\"},")]
    [InlineData("emailtemplates.json", "[{\"appId\":")]
    public async Task A_file_that_is_cut_is_refused_before_anything_is_stored(string file, string text)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var folder = old.Collections();
        await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        (await Run(servers.Main, folder, "--public-key", old.PublicKeyFile)).ShouldFail("what follows it is read. The export is damaged");
        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @AppId", new { old.AppId })).ShouldBe(0);
    }

    [Fact]
    public async Task Users_who_are_too_many_for_the_application_are_refused_before_it_is_stored()
    {
        using var old = new CosyncServerFixture();
        old.Settings["maxUsers"] = 1;
        old.AddUser(Una, App.Password);
        old.AddUser("late@example.com", App.Password);
        foreach (var options in new[] { new[] { "--dry-run" }, [] })
        {
            var refused = await Run(servers.Main, old.Collections(), ["--public-key", old.PublicKeyFile, .. options]);
            refused.ExitCode.ShouldBe(1);
            refused.Output.ShouldContain("The application can have 1 users");
        }

        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @AppId", new { old.AppId })).ShouldBe(0);
    }

    [Fact]
    public async Task Users_who_are_all_left_out_are_no_success()
    {
        using var old = new CosyncServerFixture();
        old.AddUser("pending@example.com", App.Password, ("status", "pending"));
        var printed = await Run(servers.Main, old.Collections(), "--public-key", old.PublicKeyFile);
        (printed.ExitCode, printed.Error).ShouldBe((1, printed.Error));
        printed.Error.ShouldContain("were left out");
    }

    [Fact]
    public async Task Moving_again_changes_nothing_and_another_key_is_refused()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        await Move(servers.Main, old);
        old.AddUser("late@example.com", App.Password);
        (await Move(servers.Main, old)).Output.ShouldContain("1 users; 1 already there");
        using var other = new CosyncServerFixture();
        other.Settings["appId"] = old.AppId;
        var refused = await Run(servers.Main, other.Collections());
        (refused.ExitCode, refused.Output).ShouldBe((1, refused.Output));
        refused.Output.ShouldContain("with another key");
    }

    [Theory]
    [InlineData("appPrivateKey", "bm8ga2V5", "private key cannot be read")]
    [InlineData("appId", "short", "no App Id")]
    [InlineData("appToken", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "not signed by the old server's key")]
    public async Task A_broken_application_is_refused_whole(string field, string value, string because)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        old.Settings[field] = value;
        var refused = await Run(servers.Main, old.Collections(), "--public-key", old.PublicKeyFile);
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain(because);
        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @AppId", new { old.AppId })).ShouldBe(0);
    }

    [Fact]
    public async Task Locales_in_brackets_without_quotes_move()
    {
        using var old = new CosyncServerFixture();
        old.Settings["locales"] = "[EN,FR]";
        await Move(servers.Main, old);
        (await servers.Main.Installation.Run("app", "show", old.AppId, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("locales")
            .GetString()
            .ShouldBe("EN,FR");
    }

    [Fact]
    public async Task A_zip_is_unpacked_below_the_data_folder_and_nothing_of_it_stays()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var installation = await servers.NewInstallation();
        await ChildProcess.Run(
            "env",
            ["TMPDIR=/nowhere", RepositoryPaths.Program, "app", "import-cosync", old.PortalExport(), .. NextRelease.Place(installation)]
        );
        (await installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @AppId", new { old.AppId })).ShouldBe(1);
        Directory.GetDirectories(installation.DataFolder, "import.*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a bomb", "times its packed size")]
    [InlineData("many files", "table of contents is too long")]
    public async Task A_zip_that_is_much_larger_than_it_looks_is_refused(string kind, string because)
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var zip = old.PortalExport();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            if (kind == "a bomb")
            {
                using var users = archive.GetEntry("user-collection.csv").ShouldNotBeNull().Open();
                users.Seek(0, SeekOrigin.End);
                users.Write(new byte[8 * 1024 * 1024]);
            }
            else
            {
                Enumerable.Range(0, 50_000).ToList().ForEach(i => archive.CreateEntry($"{i}"));
            }
        }

        var installation = await servers.NewInstallation();
        (await installation.Run("app", "import-cosync", zip)).ShouldFail(because);
        Directory.GetDirectories(installation.DataFolder, "import.*").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_portals_export_says_what_it_lacks()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password, ("metaData", Document("Una")));
        var printed = await Move(servers.Main, old, fromPortalExport: true);
        printed.Error.ShouldContain("no user names");
        printed.Output.ShouldContain("metaData: the export lost the definitions");
        printed.Output.ShouldContain("user at line 2: metadata cannot be read");
        (await servers.Main.Installation.Run("user", "show", old.AppId, Una, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("createdAt")
            .GetString()
            .ShouldBe("2021-03-04T05:06:07.000Z");
    }

    [Theory]
    [InlineData("no such place")]
    [InlineData("/dev/null")]
    public async Task A_source_that_is_none_is_refused(string path) => (await Run(servers.Main, path)).ShouldFail("");

    internal static App Moved(ServerProcess server, CosyncServerFixture old) =>
        new(server, old.AppId, old.AppToken, old.AppSecret, old.AppPublicKey);

    internal static async Task<CommandResult> Move(
        ServerProcess server,
        CosyncServerFixture old,
        bool fromPortalExport = false,
        params string[] options
    )
    {
        var printed = await Run(
            server,
            fromPortalExport ? old.PortalExport() : old.Collections(),
            ["--public-key", old.PublicKeyFile, .. options]
        );
        printed.ExitCode.ShouldBe(0, printed.Output + printed.Error);
        return printed;
    }

    internal static Task<CommandResult> Run(ServerProcess server, string source, params string[] options) =>
        server.Installation.Run(["app", "import-cosync", source, .. options]);

    private static Dictionary<string, object> Document(string name) =>
        new() { ["user_data"] = new Dictionary<string, string> { ["name"] = name } };
}
