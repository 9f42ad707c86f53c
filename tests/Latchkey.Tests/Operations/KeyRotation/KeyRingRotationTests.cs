using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations.KeyRotation;
using Latchkey.Tests.Api.TwoFactor;
using Latchkey.Tests.Applications.Credentials;

namespace Latchkey.Tests.Operations.KeyRotation;

/// <summary>A new root key, while nodes serve and people are half-way through something.</summary>
public sealed class KeyRingRotationTests(ServerFixture servers)
{
    [Fact]
    public async Task Everything_that_was_begun_under_the_old_key_goes_on()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateRsaApp("twoFactorVerification=google", "anonymousLoginEnabled=1", "smtpPassword=canary");
        var ann = await app.CreateUserByCode("ann@example.com");
        var phone = await ann.EnableAuthenticator();
        var loginToken = await app.LoginToken("ann@example.com");
        (await app.Signup("bob@example.com")).ShouldBeTrue();
        (await ann.Invite("cid@example.com")).ShouldBeTrue();
        (await app.ForgotPassword("ann@example.com")).ShouldBeTrue();
        var old = RingKey(ann);
        var next = await Rotate(server.Installation);
        await WaitUntil.IsTrue("the server signs with the new key", async () => RingKey(await AtOnce(app)) == next);

        old.ShouldNotBe(next);
        (await ann.TryGetUser()).ShouldBeOk();
        (await app.Get("getApplication")).ShouldBeOk();
        (await server.Installation.Run("app", "token", app.Id)).ShouldSucceed().Output.Trim().ShouldBe(app.Token);
        app.ParseTokens(await app.LoginComplete(loginToken, phone.Code()));
        app.ParseTokens(await app.Complete("bob@example.com", await app.LastCodeFor("bob@example.com")));
        app.ParseTokens(await app.Register("cid@example.com", await app.LastCodeFor("cid@example.com")));
        (await app.ResetPassword("ann@example.com", await app.LastCodeFor("ann@example.com"))).ShouldBeTrue();
        (await app.Verify(ann.Jwt)).ShouldBeOk();
    }

    [Fact]
    public async Task After_resealing_nothing_is_left_under_the_old_key_but_what_ends_by_itself()
    {
        var server = await servers.Start("--limits", "off");
        var installation = server.Installation;
        var app = await server.CreateRsaApp(
            "twoFactorVerification=google",
            "anonymousLoginEnabled=1",
            "smtpPassword=one",
            "twilioAuthToken=two"
        );
        var ann = await app.CreateUserByCode("ann@example.com");
        var phone = await ann.EnableAuthenticator();
        var dev = await PortalAccount.Create(server);
        var (_, recovery) = await dev.EnableSecondFactor(await dev.SignIn());
        var old = (await Keys(installation)).Single();
        old.NeededFor.ShouldContain(use => use.Contains("App Tokens"));
        var next = await Rotate(installation);
        (await installation.Run("keyring", "reseal")).ShouldFail("Repeat this command after that time");
        await WaitUntil.IsTrue("the new key is active", async () => (await Keys(installation))[0].Seals);
        await WaitUntil.IsTrue("the server signs with the new key", async () => RingKey(await AtOnce(app)) == next);

        (await installation.Run("keyring", "reseal")).ShouldSucceed();
        foreach (var column in EncryptedColumn.All)
        {
            (
                await installation.Query<long>(
                    $"SELECT COUNT(*) FROM {column.Table} WHERE {column.Column} LIKE @old",
                    new { old = $"{KeyRing.Prefix(old.Id)}%" }
                )
            ).ShouldBe(0, column.Description);
        }

        (await installation.Query<string>("SELECT settings FROM applications")).ShouldNotContain(old.Id);
        (await installation.Run("keyring", "reseal")).ShouldSucceed().Output.ShouldStartWith("0 secrets");
        (await Keys(installation))[1]
            .NeededFor.ShouldAllBe(use => use.Contains("App Tokens") || use.Contains("sessions") || use.Contains("recovery codes"));
        recovery.ShouldNotBeEmpty();
        await installation.Execute("DELETE FROM developer_recovery_codes");

        var renewed = app with
        {
            Token = (await installation.Run("app", "token", "renew", app.Id, "--old-ends-in", "0")).ShouldSucceed().Output.Trim(),
        };
        await installation.Execute("UPDATE sessions SET expires_at = @now", new { now = AppFlows.FromNow(-1) });
        (await Keys(installation))[1].ShouldSatisfyAllConditions(key => key.Needed.ShouldBeFalse(), key => key.NeededFor.ShouldBeEmpty());
        File.Delete(Path.Combine(installation.DataFolder, "keys", $"{old.Id}.key"));
        await server.Stop();
        var again = renewed with { Server = await servers.StartOn(installation, ["--limits", "off"]) };
        again.ParseTokens(await again.LoginComplete(await again.LoginToken("ann@example.com"), phone.Code(1)));
        (await again.Mails("ann@example.com")).ShouldNotBeEmpty();
        var settings = ApplicationRules.SettingsOf((await (await installation.Get<ApplicationRules>()).Find(app.Id))!);
        Opened(installation, ApplicationEditor.SecretPurpose(app.Id, "smtpPassword"), settings.SmtpPassword).ShouldBe("one");
        Opened(installation, ApplicationEditor.SecretPurpose(app.Id, "twilioAuthToken"), settings.TwilioAuthToken).ShouldBe("two");
    }

    [Fact]
    public async Task Second_factors_are_good_after_the_rotation_and_recovery_codes_keep_the_old_key_needed()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateAppWithPolicy("required", "anonymousLoginEnabled=1");
        var (ann, _, codes) = await app.CreateUserWithCodes();
        await app.CreateUser("bob@example.com");
        var enrolling = await app.BeginLogin(handle: "bob@example.com");
        var bobs = await enrolling.StartAuthenticator();
        var old = RingKey(ann);
        var next = await Rotate(server.Installation);
        await WaitUntil.IsTrue("the server signs with the new key", async () => RingKey(await AtOnce(app)) == next);
        await WaitUntil.IsTrue("the new key is active", async () => (await Keys(server.Installation))[0].Seals);

        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[0], "recovery"));
        (await server.Installation.Run("keyring", "reseal")).ShouldSucceed();
        app.ParseTokens(await enrolling.Complete(bobs.Code()));
        (await Keys(server.Installation))
            .Single(key => key.Id == old)
            .NeededFor.ShouldContain(use => use.Contains("recovery codes of users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_are_sealed_anew_in_batches_and_one_that_no_key_opens_stops_none()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        var ring = await installation.Get<KeyRing>();
        for (var i = 0; i < 450; i++)
        {
            var id = $"message-{i:D4}";
            var body =
                i == 5 ? "v1.20200101000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" : ring.Encrypt($"messages/{id}", $"body {i}");
            await installation.Execute(
                "INSERT INTO messages (app_id, id, channel, recipient, kind, status, body_sealed, attempts, created_at) "
                    + "SELECT id, @id, 'email', 'a', 'b', 'mailbox', @body, 0, 0 FROM applications",
                new { id, body }
            );
        }

        var next = (await installation.Run("keyring", "rotate", "--after", "0")).ShouldSucceed();
        next.Output.ShouldContain("Back it up");
        await WaitUntil.IsTrue("the new key is active", async () => (await Keys(installation))[0].Seals);
        var printed = await installation.Run("keyring", "reseal");
        printed.ExitCode.ShouldBe(1);
        printed.Error.ShouldContain("messages message-0005");
        var current = (await Keys(installation))[0].Id;
        (
            await installation.Query<long>(
                "SELECT COUNT(*) FROM messages WHERE body_sealed LIKE @now",
                new { now = $"{KeyRing.Prefix(current)}%" }
            )
        ).ShouldBe(449);
        Opened(
                installation,
                "messages/message-0449",
                await installation.Query<string>("SELECT body_sealed FROM messages WHERE id = 'message-0449'")
            )
            .ShouldBe("body 449");
    }

    [Fact]
    public async Task A_row_that_changed_meanwhile_is_left_alone()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("migrate")).ShouldSucceed();
        var (database, store, column) = (
            await installation.Get<Database>(),
            await installation.Get<EncryptedColumnStore>(),
            EncryptedColumn.All.Single(one => one.Table == "installation")
        );
        var mark = (await database.Read(db => store.ListWithOtherPrefix(db, column, "", new EncryptedText(), 10))).Single();
        await installation.Execute("UPDATE installation SET value = 'v1.changed' WHERE name = @Id", new { mark.Id });
        (await database.Write(db => store.Replace(db, column, mark, "v1.ours"))).ShouldBeFalse();
        (await installation.Query<string>("SELECT value FROM installation WHERE name = @Id", new { mark.Id })).ShouldBe("v1.changed");
    }

    [Fact]
    public async Task Every_sealed_column_of_the_schema_is_sealed_anew()
    {
        var database = await servers.Main.Installation.Get<Database>();
        var columns = await database.Read(db =>
            Dapper.SqlMapper.QueryAsync<string>(
                db,
                Engine.IsPostgres
                    ? "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND "
                        + "column_name LIKE '%sealed%'"
                    : "SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = "
                        + "'table' AND p.name LIKE '%sealed%'"
            )
        );
        columns.Except(EncryptedColumn.All.Select(column => $"{column.Table}.{column.Column}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_for_a_mounted_secret_are_made_in_another_folder()
    {
        var installation = await servers.NewInstallation();
        var elsewhere = Path.Combine(installation.DataFolder, "elsewhere");
        (await installation.Run("keyring", "rotate", "--to", elsewhere)).ShouldSucceed().Output.ShouldContain("every node");
        (await Keys(installation)).Count.ShouldBe(1);
        var made = Directory.GetFiles(elsewhere, "*.key").Single();
        RootKey
            .ParseTime(Path.GetFileNameWithoutExtension(made))!
            .Value.ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddMinutes(50));
        File.Move(made, Path.Combine(installation.DataFolder, "keys", Path.GetFileName(made)));
        (await Keys(installation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_waits_an_hour_where_nodes_may_need_a_copy_of_it()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("keyring", "rotate"))
            .ShouldSucceed()
            .Output.Contains("Before that time, copy it to every node")
            .ShouldBe(Engine.IsPostgres);
        (RootKey.ParseTime((await Keys(installation))[0].Id)!.Value > TimeProvider.System.GetUtcNow().AddMinutes(50)).ShouldBe(
            Engine.IsPostgres
        );
    }

    [Fact]
    public async Task A_server_with_a_passphrase_keeps_its_keys_encrypted()
    {
        var installation = await servers.NewInstallation();
        var file = Path.Combine(installation.DataFolder, "passphrase");
        await File.WriteAllTextAsync(file, "right horse\n");
        await using (var server = await ServerProcess.Start(installation, environment: [("LATCHKEY_KEYS_PASSPHRASE_FILE", file)]))
        {
            (
                await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(installation.DataFolder, "keys"), "*.key").Single())
            ).ShouldStartWith("argon2id.");
        }

        (await installation.Run("app", "list")).ShouldFail("LATCHKEY_KEYS_PASSPHRASE");
        await using var again = await ServerProcess.Start(installation, environment: [("LATCHKEY_KEYS_PASSPHRASE", "right horse")]);
        (await again.Get("/health/ready")).ShouldBeOk();
    }

    [Fact]
    public async Task An_encryption_that_was_killed_between_two_files_is_repeated()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        (await installation.Run("keyring", "rotate", "--after", "0")).ShouldSucceed();
        var passphrase = Path.Combine(installation.DataFolder, "passphrase");
        await File.WriteAllTextAsync(passphrase, "right horse\n");
        var late = Directory.GetFiles(Path.Combine(installation.DataFolder, "keys"), "*.key").Order(StringComparer.Ordinal).Last();
        var before = await File.ReadAllBytesAsync(late);
        (await installation.Run("keyring", "encrypt", "--new-passphrase-file", passphrase)).ShouldSucceed();
        await File.WriteAllBytesAsync(late, before);
        (await installation.Run("keyring", "encrypt", "--new-passphrase-file", passphrase))
            .ShouldSucceed()
            .Output.ShouldContain("2 key files are encrypted");
        await using var server = await ServerProcess.Start(installation, environment: [("LATCHKEY_KEYS_PASSPHRASE_FILE", passphrase)]);
        (await server.Get("/health/ready")).ShouldBeOk();
    }

    private static async Task<string> Rotate(TestInstallation installation)
    {
        (await installation.Run("keyring", "rotate", "--after", "3")).ShouldSucceed();
        return (await Keys(installation))[0].Id;
    }

    private static Task<LoggedInUser> AtOnce(App app) => app.LoginAnonymous("ANON_probe");

    private static string RingKey(LoggedInUser user) => LoggedInUser.DecodePart(user.AccessToken, 0).GetProperty("kid").GetString()!;

    private static async Task<IReadOnlyList<Key>> Keys(TestInstallation installation) =>
        JsonSerializer.Deserialize<List<Key>>(
            (await installation.Run("keyring", "list", "--json")).ShouldSucceed().Output,
            JsonSerializerOptions.Web
        )!;

    /// <summary>Opened by a process that starts now.</summary>
    private static string Opened(TestInstallation installation, string purpose, string text) =>
        KeyRing.Open(new KeyFolder(Path.Combine(installation.DataFolder, "keys")), TimeProvider.System).DecryptText(purpose, text);

    private sealed record Key(string Id, bool Seals, bool Needed, IReadOnlyList<string> NeededFor);
}
