using Latchkey.Tests.Users.Passwords;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>Users come in by files, by the rules that hold for everyone.</summary>
public sealed class UserImportTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Argon2 = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";

    [Theory]
    [InlineData("bcrypt")]
    [InlineData("argon2")]
    [InlineData("pbkdf2")]
    [InlineData("identity")]
    public async Task A_foreign_hash_logs_in_and_is_made_anew(string kind)
    {
        var (hash, password) = kind switch
        {
            "bcrypt" => (BcryptHashes.Hash(App.Password), App.Password),
            "argon2" => (Argon2, "password"),
            "pbkdf2" => ("$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", "password"),
            _ => ("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==", "my password"),
        };
        var app = await servers.Main.CreateApp();
        (await app.Import("users.csv", $"handle,passwordHash\n{Ann},\"{hash}\"\n")).ShouldSucceed();
        (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        await app.Login(Ann, password);
        (await app.Installation.Query<string>("SELECT password_hash FROM users WHERE app_id = @Id", new { app.Id })).ShouldStartWith(
            "$argon2id$v=19$m=19456,t=2,p=1$"
        );
        await app.Login(Ann, password);
    }

    [Fact]
    public async Task A_hash_over_the_MD5_hex_serves_clients_that_send_it()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Import("users.csv", $"handle,passwordHash\n{Ann},{BcryptHashes.Hash(RawPassword.Md5(App.Password))}\n", "--prehashed")
        ).ShouldSucceed();
        await app.Login(Ann, RawPassword.Md5(App.Password));
        await app.Login(Ann, App.Password);
    }

    [Fact]
    public async Task The_slowest_hash_that_came_in_is_remembered_for_unknown_handles()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Import(
                "users.csv",
                $"handle,passwordHash\na@example.com,{BcryptHashes.Hash("x", 5)}\nb@example.com,{BcryptHashes.Hash("x", 11)}\nc@example.com,{BcryptHashes.Hash("x", 6)}\n"
            )
        ).ShouldSucceed();
        (await app.Import("more.csv", $"handle,passwordHash\nd@example.com,{BcryptHashes.Hash("x", 10)}\n")).ShouldSucceed();
        (await app.Installation.Query<string>("SELECT slowest FROM imported_hashes WHERE app_id = @Id", new { app.Id })).ShouldStartWith(
            "$2b$11$"
        );
        (await app.TryLogin("nobody@example.com")).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_phone_without_its_plus_gets_one()
    {
        var app = await servers.Main.CreateApp();
        (await app.Import("users.csv", $"handle,phone\n{Ann},4915112345678\n")).ShouldSucceed();
        (await app.Installation.Query<string>("SELECT phone FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe("+4915112345678");
    }

    [Fact]
    public async Task All_that_a_file_can_say_of_a_user_is_kept()
    {
        var app = await servers.Main.CreateApp(
            "userNamesEnabled=1",
            "locales=EN,FR",
            "twoFactorVerification=google",
            """metaData=[{"path":"user_data.name","fieldName":"name"}]""",
            """metaDataInvite=[{"path":"invite.coupon","fieldName":"coupon"}]"""
        );
        (
            await app.Import(
                "users.jsonl",
                $$$"""
                {"id":"01900000-0000-7000-8000-000000000001","handle":" ANN@Example.com ","userName":"Ann","status":"active","origin":"signup","locale":"fr","emailVerified":true,"phone":"+49 30 123456","metaData":{"user_data":{"name":"Ann Ö"}},"inviteMetaData":{"invite.coupon":"C1"},"totpSeed":"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP","passwordHash":"{{{BcryptHashes.Hash(
                    App.Password
                )}}}","createdAt":"2020-02-29T12:00:00.5Z","lastLogin":1600000000000}
                {"handle":"bob@example.com","loginProvider":"google","providerSubject":"g-1","status":"suspend","createdAt":1500000000}
                {"handle":"ANON_Ab-1"}
                """
            )
        ).ShouldSucceed();
        var ann = (await app.Installation.Run("user", "show", app.Id, Ann, "--json")).ShouldSucceed().Json;
        (ann.GetProperty("id").GetString(), ann.GetProperty("userName").GetString(), ann.GetProperty("locale").GetString()).ShouldBe(
            ("01900000-0000-7000-8000-000000000001", "ann", "FR")
        );
        (
            ann.GetProperty("createdAt").GetString(),
            ann.GetProperty("lastLogin").GetString(),
            ann.GetProperty("origin").GetString()
        ).ShouldBe(("2020-02-29T12:00:00.500Z", "2020-09-13T12:26:40.000Z", "signup"));
        ann.GetProperty("metaData").GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Ann Ö");
        ann.GetProperty("metaData").GetProperty("invite").GetProperty("coupon").GetString().ShouldBe("C1");
        var token = await app.LoginToken("ann");
        app.ParseTokens(await app.LoginComplete(token, new Authenticator("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").Code()));
        (await app.Installation.Run("user", "show", app.Id, "bob@example.com", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("status")
            .GetString()
            .ShouldBe("suspend");
        await app.Set("anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_Ab-1");
        (
            await app.Installation.Query<string>(
                "SELECT totp_seed_sealed FROM users WHERE app_id = @Id AND handle = @Ann",
                new { app.Id, Ann }
            )
        ).ShouldNotContain("JBSWY");
    }

    [Fact]
    public async Task A_dry_run_lists_every_bad_row_and_changes_nothing()
    {
        var app = await servers.Main.CreateApp();
        await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, "there@example.com", "--password-stdin");
        var rows = new (string Row, string Because)[]
        {
            ("not-an-address,,,", "handle: neither"),
            (",,,", "handle: is missing"),
            ("ok@example.com,,,", ""),
            ("OK@example.com,,,", "handle: the file has it before"),
            ("a@example.com,a b,,", ""), // comes in without the name
            ("b@example.com,,$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW,", "passwordHash: bcrypt of cost 14"),
            ("c@example.com,,plain,", ""), // comes in without the hash
            ("d@example.com,,,FR", ""), // comes in with the language that there is
            ("e@example.com,,,EN,more", "5 cells where the header has 4"),
            ("\"f@example.com\"x,,,", "text after a closing quote"),
            ("there@example.com,,,", "handle: the application has this user"),
            ("\"g@example.com,,,", "a quote that is never closed"),
        };
        var printed = await app.Import(
            "users.csv",
            "handle,userName,passwordHash,locale\n" + string.Join('\n', rows.Select(row => row.Row)),
            "--dry-run",
            "--on-conflict",
            "fail"
        );
        printed.ExitCode.ShouldBe(1);
        var listed = printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var bad = rows.Select((row, i) => (Line: i + 2, row.Because)).Where(row => row.Because.Length > 0).ToList();
        foreach (var (line, because) in bad)
        {
            listed.ShouldContain(text => text.StartsWith($"line {line}: {because}"), $"line {line}\n{printed.Output}");
        }

        listed.Length.ShouldBe(bad.Count + 1);
        listed[^1].ShouldContain($"{bad.Count} bad");
        (await app.Users()).ShouldBe(1);
    }

    [Fact]
    public async Task A_bad_row_stops_an_import_before_it_begins_unless_bad_rows_are_left_out()
    {
        var app = await servers.Main.CreateApp();
        const string text = "handle\na@example.com\nbad\nb@example.com\n";
        var stopped = await app.Import("users.csv", text);
        (stopped.ExitCode, await app.Users()).ShouldBe((1, 0));
        stopped.Output.ShouldContain("line 3: handle");
        stopped.Error.ShouldContain("nothing was imported");

        (await app.Import("users.csv", text, "--skip-bad", "--json")).ShouldSucceed().Numbers().ShouldBe([3, 2, 0, 0, 1]);
        var rejects = await File.ReadAllTextAsync(TransferFiles.In(app, "users.csv.rejects"));
        rejects.ShouldContain("\"line\":3");
        rejects.ShouldContain("\"row\":\"bad\"");
        File.GetUnixFileMode(TransferFiles.In(app, "users.csv.rejects")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Users_who_are_there_stay_or_are_updated_or_stop_the_import()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1");
        var ann = await app.CreateUser(Ann);
        var text = $"handle,userName,passwordHash\n{Ann},ann,{BcryptHashes.Hash("another password")}\nbob@example.com,bob,\n";
        (await app.Import("users.csv", text, "--on-conflict", "fail")).ExitCode.ShouldBe(1);
        (await app.Users()).ShouldBe(1);
        (await app.Import("users.csv", text, "--json")).ShouldSucceed().Numbers().ShouldBe([2, 1, 0, 1, 0]);
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await app.Import("users.csv", text, "--json", "--on-conflict", "update")).ShouldSucceed().Numbers().ShouldBe([2, 0, 2, 0, 0]);
        (await ann.IsSignedIn()).ShouldBeFalse();
        (await app.TryLogin(Ann)).ShouldFailWith(600);
        await app.Login("ann", "another password");
    }

    [Fact]
    public async Task Who_is_suspended_by_an_import_gets_no_session_back_by_activation()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser(Ann);
        (await app.Import("users.csv", $"handle,status\n{Ann},suspended\n", "--on-conflict", "update")).ShouldSucceed();
        (await ann.TryGetUser()).ShouldFailWith(404);
        (await app.Installation.Run("user", "activate", app.Id, Ann)).ShouldSucceed();
        (await ann.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task What_another_user_has_is_not_taken_away()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Import(
                "users.csv",
                "id,handle,userName,phone,loginProvider,providerSubject\n01900000-0000-7000-8000-000000000002,a@example.com,ann,+4930123456,google,g1\n"
            )
        ).ShouldSucceed();
        var printed = await app.Import(
            "more.csv",
            """
            id,handle,userName,phone,loginProvider,providerSubject
            01900000-0000-7000-8000-000000000002,b@example.com,,,,
            ,c@example.com,ann,,,
            ,d@example.com,,+4930123456,,
            ,e@example.com,,,google,g1
            ,f@example.com,,,apple,g1
            """,
            "--dry-run"
        );
        foreach (var because in new[] { "line 2: id", "line 3: userName", "line 4: phone", "line 5: providerSubject" })
        {
            printed.Output.ShouldContain(because);
        }

        printed.Output.ShouldContain("5 rows: 1 would be added, 0 would be updated, 0 already there, 4 bad");
        var other = await servers.Main.CreateApp();
        // Ids are an application's own: a copy of it keeps them
        (await other.Import("id.csv", "id,handle\n01900000-0000-7000-8000-000000000002,a@example.com\n", "--json"))
            .ShouldSucceed()
            .Numbers()
            .ShouldBe([1, 1, 0, 0, 0]);
        (
            await other.Import("again.csv", "id,handle\n01900000-0000-7000-8000-000000000002,b@example.com\n", "--dry-run")
        ).Output.ShouldContain("line 2: id");
        (
            await other.Import("mapped.csv", "id,handle\n01900000-0000-7000-8000-000000000002,b@example.com\n", "--map", "id=")
        ).ShouldSucceed();
        (await app.Users(), await other.Users()).ShouldBe((1, 2));
    }

    [Fact]
    public async Task Columns_of_other_names_are_mapped_or_left_out()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"user_data.name","fieldName":"name"}]""");
        const string text = "E-mail,Name,Note,metaData.user_data.city\nann@example.com,Ann,x,Rome\n";
        var refused = await app.Import("users.csv", text, "--map", "E-mail=handle");
        (refused.ExitCode, refused.Error).ShouldBe((1, refused.Error));
        refused.Error.ShouldContain("There is no field for these columns: Name, Note");
        var printed = (
            await app.Import("users.csv", text, "--map", "E-mail=handle", "--map", "Name=metaData.user_data.name", "--map", "Note=")
        ).ShouldSucceed();
        printed.Error.ShouldContain("user_data.city in their metadata, which is not a field of the application");
        (await app.Installation.Run("user", "show", app.Id, Ann, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("metaData")
            .GetProperty("user_data")
            .GetProperty("name")
            .GetString()
            .ShouldBe("Ann");
    }

    [Fact]
    public async Task More_users_than_the_application_may_have_do_not_come_in()
    {
        var app = await servers.Main.CreateApp("maxUsers=2");
        var printed = await app.Import("users.csv", "handle\na@example.com\nb@example.com\nc@example.com\n");
        (printed.ExitCode, await app.Users()).ShouldBe((1, 0));
        printed.Error.ShouldContain("maxUsers");
    }

    [Fact]
    public async Task Standard_input_is_a_file_too()
    {
        var app = await servers.Main.CreateApp();
        await File.WriteAllTextAsync(TransferFiles.In(app, "users"), "{\"handle\":\"ann@example.com\"}\n");
        await ChildProcess.Run(
            "bash",
            "-c",
            $"'{RepositoryPaths.Program}' user import {app.Id} - --data '{app.Installation.DataFolder}' --database '{app.Installation.DatabaseConnection}' < '{TransferFiles.In(app, "users")}'"
        );
        (await app.Users()).ShouldBe(1);
    }
}
