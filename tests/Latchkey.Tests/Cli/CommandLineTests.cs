using System.Text.Json;

namespace Latchkey.Tests.Cli;

/// <summary>The command line, as scripts use it.</summary>
public sealed class CommandLineTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    public static TheoryData<string> All =>
        [
            "",
            "serve",
            "migrate",
            "version",
            "operator",
            "operator create",
            "developer",
            "developer create",
            "developer reset-second-factor",
            "installation",
            "installation show",
            "installation set",
            "app",
            "app member",
            "app member add",
            "app member list",
            "app member remove",
            "app create",
            "app set",
            "app show",
            "app list",
            "app delete",
            "app token",
            "user",
            "user list",
            "user add",
            "user show",
            "user suspend",
            "user activate",
            "user delete",
            "user reset-password",
            "user passkeys",
            "user remove-passkey",
            "mailbox",
            "log",
            "limits",
            "limits show",
            "limits set",
            "app key",
            "app key list",
            "app key add",
            "app key activate",
            "app key retire",
            "app token list",
            "app token renew",
            "app token end",
            "app token keep",
            "app secret",
            "app secret list",
            "app secret add",
            "app secret end",
            "app secret keep",
            "keyring",
            "keyring list",
            "keyring rotate",
            "keyring reseal",
            "keyring encrypt",
            "backup",
            "restore",
            "doctor",
        ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_command_explains_itself(string command)
    {
        var help = (await CommandLine.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).ShouldSucceed().Output;
        help.ShouldContain("Description:");
        help.ShouldContain("Usage:");
    }

    /// <summary>serve as the first word is read without the other commands (Program.cs).</summary>
    [Fact]
    public async Task Serve_has_the_same_options_wherever_it_stands()
    {
        var alone = (await CommandLine.Run(["serve", "--help"])).ShouldSucceed().Output;
        alone.ShouldContain("--public-url");
        (await CommandLine.Run(["--data", "there", "serve", "--help"])).ShouldSucceed().Output.ShouldBe(alone);
        (await CommandLine.Run(["serve", "--unknown"])).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Creating_an_application_prints_its_credentials()
    {
        var made = (await Run("app", "create", "--name", "Demo", "--json", "signupFlow=none")).ShouldSucceed().Json;
        Names(made).ShouldBe(["appId", "appToken", "appSecret", "publicKey"]);
        made.GetProperty("appId").GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
        made.GetProperty("publicKey").GetString().ShouldNotBeNull().ShouldStartWith("-----BEGIN PUBLIC KEY-----");
        (await Run("app", "token", made.GetProperty("appId").GetString()!))
            .ShouldSucceed()
            .Output.Trim()
            .ShouldBe(made.GetProperty("appToken").GetString());
    }

    [Fact]
    public async Task Showing_an_application_prints_every_setting_and_no_secret()
    {
        var app = await servers.Main.CreateApp("signupFlow=link", "smtpPassword=canary");
        var shown = (await Run("app", "show", app.Id, "--json")).ShouldSucceed();
        Names(shown.Json).Take(7).ShouldBe(["appId", "name", "type", "status", "revision", "createdAt", "updatedAt"]);
        shown.Json.GetProperty("signupFlow").GetString().ShouldBe("link");
        shown.Json.GetProperty("signupEnabled").GetInt32().ShouldBe(1);
        shown.Json.GetProperty("metaData").ValueKind.ShouldBe(JsonValueKind.Array);
        shown.Output.ShouldNotContain("canary");
        (await Run("app", "show", app.Id)).ShouldSucceed().Output.ShouldContain("signupFlow");
        (await app.Installation.Query<string>("SELECT settings FROM applications WHERE id = @Id", new { app.Id })).ShouldNotContain(
            "canary"
        );
    }

    [Fact]
    public async Task Applications_are_listed()
    {
        var app = await servers.Main.CreateApp();
        var listed = (await Run("app", "list", "--json"))
            .ShouldSucceed()
            .Json.EnumerateArray()
            .Single(one => one.GetProperty("appId").GetString() == app.Id);
        Names(listed).ShouldBe(["appId", "name", "type", "status", "users", "createdAt"]);
        (await Run("app", "list")).ShouldSucceed().Output.ShouldContain(app.Id);
    }

    [Theory]
    [InlineData("noSuchSetting=1", "no setting")]
    [InlineData("signupFlow=maybe", "signupFlow")]
    [InlineData("signupEnabled=yes", "signupEnabled")]
    [InlineData("userJWTExpiration=0", "userJWTExpiration")]
    [InlineData("metaData={", "metaData")]
    [InlineData("locales=E", "locales")]
    [InlineData("status=gone", "status")]
    [InlineData("signupFlow", "NAME=VALUE")]
    public async Task A_setting_that_cannot_be_is_refused_and_nothing_changes(string setting, string because)
    {
        var app = await servers.Main.CreateApp();
        (await Run("app", "set", app.Id, "userNamesEnabled=1", setting)).ShouldFail(because);
        (await Run("app", "show", app.Id, "--json")).ShouldSucceed().Json.GetProperty("userNamesEnabled").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Overlapping_metadata_paths_are_refused()
    {
        var app = await servers.Main.CreateApp();
        (await Run("app", "set", app.Id, """metaData=[{"path":"a","fieldName":"a"},{"path":"a.b","fieldName":"b"}]""")).ShouldFail(
            "overlap"
        );
        (
            await Run(
                "app",
                "set",
                app.Id,
                """metaData=[{"path":"a","fieldName":"a"}]""",
                """metaDataInvite=[{"path":"A","fieldName":"b"}]"""
            )
        ).ShouldFail("overlap");
    }

    [Fact]
    public async Task An_application_is_deleted_by_its_name_only()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        (await Run("app", "delete", app.Id, "--confirm", "Another")).ShouldFail("nothing was deleted");
        (await Run("app", "delete", app.Id, "--confirm", "Demo")).ShouldSucceed();
        (await Run("app", "show", app.Id)).ShouldFail("no application");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task A_user_is_added_shown_listed_and_deleted()
    {
        var app = await servers.Main.CreateApp("locales=EN,FR", """metaData=[{"path":"user_data.name","fieldName":"name","required":1}]""");
        string[] add = ["user", "add", app.Id, " ANN@example.com", "--password-stdin", "--json", "--locale", "fr"];
        (await app.Installation.RunWithInput(App.Password, add)).ShouldFail("metadata");
        var made = (await app.Installation.RunWithInput(App.Password + "\n", [.. add, "--metadata", """{"user_data":{"name":"Ann"}}"""]))
            .ShouldSucceed()
            .Json;
        Names(made)
            .ShouldBe([
                "id",
                "handle",
                "userName",
                "status",
                "locked",
                "origin",
                "loginProvider",
                "locale",
                "emailVerified",
                "metaData",
                "createdAt",
                "updatedAt",
                "lastLogin",
            ]);
        made.GetProperty("handle").GetString().ShouldBe(Ann);
        made.GetProperty("locale").GetString().ShouldBe("FR");
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await app.Installation.RunWithInput(App.Password, [.. add, "--metadata", """{"user_data":{"name":"Ann"}}"""])).ShouldFail(
            "has a user"
        );

        (await Run("user", "show", app.Id, made.GetProperty("id").GetString()!, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("metaData")
            .GetProperty("user_data")
            .GetProperty("name")
            .GetString()
            .ShouldBe("Ann");
        (await Run("user", "list", app.Id, "--json"))
            .ShouldSucceed()
            .Json.EnumerateArray()
            .Single()
            .GetProperty("handle")
            .GetString()
            .ShouldBe(Ann);
        (await Run("user", "list", app.Id, "--json", "--search", "bob")).ShouldSucceed().Json.GetArrayLength().ShouldBe(0);
        (await Run("user", "delete", app.Id, Ann)).ShouldSucceed();
        (await Run("user", "show", app.Id, Ann)).ShouldFail("no such user");
    }

    [Fact]
    public async Task A_password_that_is_made_up_is_printed_and_works()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFilter=1", "passwordMinLength=20");
        await app.CreateUser(Ann, "Correct-horse battery 1");
        var password = (await Run("user", "reset-password", app.Id, Ann, "--random")).ShouldSucceed().Output.Trim();
        (await app.TryLogin(Ann, password)).ShouldBeOk();
    }

    [Fact]
    public async Task No_password_is_no_user()
    {
        var app = await servers.Main.CreateApp();
        (await app.Installation.RunWithInput("", "user", "add", app.Id, Ann, "--password-stdin")).ShouldFail("no password");
        (await app.Installation.RunWithInput("password", "user", "add", app.Id, Ann, "--password-stdin")).ShouldFail("password");
        (await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, "no address", "--password-stdin")).ShouldFail("address");
    }

    [Fact]
    public async Task An_operator_is_created_once()
    {
        var installation = await servers.NewInstallation();
        string[] create = ["operator", "create", "--email", "op@example.com", "--name", "Op", "--password-stdin"];
        (await installation.RunWithInput("a long operator password", create)).ShouldSucceed();
        (await installation.RunWithInput("a long operator password", create)).ExitCode.ShouldBe(1);
        (await installation.Query<string>("SELECT password_hash FROM developers")).ShouldStartWith("$argon2id$");
    }

    [Fact]
    public async Task The_version_is_printed() =>
        (await CommandLine.Run(["version", "--json"]))
            .ShouldSucceed()
            .Json.GetProperty("version")
            .GetString()
            .ShouldNotBeNull()
            .ShouldMatch(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$");

    private Task<CommandResult> Run(params string[] arguments) => servers.Main.Installation.Run(arguments);

    private static List<string> Names(JsonElement json) => [.. json.EnumerateObject().Select(p => p.Name)];
}
