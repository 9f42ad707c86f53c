using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Tests.Operations.UserTransfer;
using Latchkey.Tests.Users.Passwords;

namespace Latchkey.Tests.Limits;

/// <summary>
/// The numbers that docs/security.md gives as defaults, of a server as it comes and of an application that nobody changed.
/// </summary>
public sealed class DefaultValueTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Number = "+4915112345678";
    private const long Second = 1000;
    private const long Day = 24 * 3600 * Second;

    [Fact]
    public async Task An_application_signs_with_RSA_of_2048_bits_and_has_its_caps()
    {
        var made = (await servers.Main.Installation.Run("app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json;
        using var rsa = RSA.Create();
        rsa.ImportFromPem(made.GetProperty("publicKey").GetString());
        rsa.KeySize.ShouldBe(2048);
        var shown = (await servers.Main.Installation.Run("app", "show", made.GetProperty("appId").GetString()!, "--json"))
            .ShouldSucceed()
            .Json;
        (
            shown.GetProperty("messagesPerHour").GetInt32(),
            shown.GetProperty("callsPerSecond").GetInt32(),
            shown.GetProperty("anonymousUsersPerHour").GetInt32()
        ).ShouldBe((1000, 200, 30));
    }

    [Fact]
    public async Task An_access_token_lasts_30_days_however_much_it_is_used()
    {
        var ann = await (await servers.Main.CreateApp("signupFlow=none")).CreateUser(Ann);
        var claims = LoggedInUser.DecodePart(ann.AccessToken, 1);
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(30 * Day / Second);
        var ends = await Ends();
        ends.Lasts.ShouldBe(30 * Day);
        (await ann.Post("setLocale", new { locale = "EN" })).ShouldBeTrue();
        await ann.GetUser();
        (await Ends()).ShouldBe(ends);

        async Task<(long At, long Lasts)> Ends() =>
            await ann.App.Installation.Query<(long, long)>(
                "SELECT expires_at, expires_at - created_at FROM sessions WHERE app_id = @Id",
                new { ann.App.Id }
            );
    }

    [Fact]
    public async Task Invitations_last_seven_days_and_phone_codes_ten_minutes()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        (await app.Installation.Query<long>("SELECT expires_at - created_at FROM invitations WHERE app_id = @Id", new { app.Id })).ShouldBe(
            7 * Day
        );
        (await (await app.CreateUser(Ann)).Post("setPhone", new { phone = Number })).ShouldBeTrue();
        (
            await app.Installation.Query<long>(
                "SELECT expires_at - created_at FROM user_codes WHERE app_id = @Id AND purpose = 'phone'",
                new { app.Id }
            )
        ).ShouldBe(600 * Second);
    }

    [Fact]
    public async Task Failed_logins_wait_longer_and_longer_up_to_a_quarter_of_an_hour()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        for (var i = 0; i < 4; i++)
        {
            (await app.TryLogin(Ann)).ShouldFailWith(600);
        }

        const string bucket = "bucket LIKE @bucket";
        var named = new { bucket = $"{app.Id}|failed logins of one handle%" };
        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            (await app.TryLogin(Ann)).ShouldFailWith(600);
            (await app.Installation.Query<long>($"SELECT opens_at - (resets_at - {Day}) FROM limits WHERE {bucket}", named)).ShouldBe(
                seconds * Second
            ); // both are counted from the failure
            var refused = await app.TryLogin(Ann);
            refused.ShouldBeRateLimited();
            int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeInRange(seconds / 2, seconds);
            (await app.Installation.Execute($"UPDATE limits SET opens_at = 1 WHERE {bucket}", named)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task One_number_gets_five_SMS_a_day()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var ann = await app.CreateUser(Ann);
        for (var i = 0; i < 5; i++)
        {
            (await ann.Post("setPhone", new { phone = Number })).ShouldBeTrue();
            await app.Installation.Execute(
                "DELETE FROM limits WHERE bucket LIKE @minute",
                new { minute = $"{app.Id}|messages to one address within a minute|%" }
            );
        }

        (await ann.Post("setPhone", new { phone = Number })).ShouldBeRateLimited();
        (await app.Mails(Number)).Count.ShouldBe(5);
        (await ann.Post("setPhone", new { phone = "+4915112345679" })).ShouldBeTrue();
    }

    [Fact]
    public void Codes_are_six_digits_of_all_kinds()
    {
        var codes = Enumerable.Range(0, 100_000).Select(_ => Secrets.SixDigits()).ToList();
        codes.ShouldAllBe(code => code.Length == 6 && code.All(char.IsAsciiDigit));
        for (var at = 0; at < 6; at++)
        {
            // Ten standard deviations, leading zeros like any other
            codes.CountBy(code => code[at]).ShouldAllBe(digit => digit.Value > 9_000 && digit.Value < 11_000);
        }

        codes.Distinct().Count().ShouldBeGreaterThan(94_000);
    }

    [Fact]
    public async Task A_mailed_link_carries_more_than_128_bits()
    {
        var app = await servers.Main.CreateApp("signupFlow=link");
        var tokens = new List<string>();
        foreach (var handle in new[] { Ann, "bob@example.com" })
        {
            (await app.Signup(handle)).ShouldBeTrue();
            tokens.Add(System.Web.HttpUtility.ParseQueryString(new Uri((await app.Mails(handle))[0].Link!).Query)["code"]!);
        }

        var (one, other) = (Base64Url.DecodeFromChars(tokens[0]), Base64Url.DecodeFromChars(tokens[1]));
        (one.Length, other.Length).ShouldBe((32, 32));
        one.Zip(other).Count(pair => pair.First == pair.Second).ShouldBeLessThan(8); // no part of them is fixed
    }

    [Fact]
    public async Task A_portal_session_ends_after_an_hour_without_use()
    {
        var account = await PortalAccount.Create(servers.Main);
        var browser = await account.SignIn();
        await Unused(59);
        (await browser.IsSignedIn()).ShouldBeTrue();
        await Unused(61);
        (await browser.IsSignedIn()).ShouldBeFalse();

        async Task Unused(int minutes) =>
            (
                await servers.Main.Installation.Execute(
                    "UPDATE portal_sessions SET seen_at = @at WHERE developer_id = @Id",
                    new { at = AppFlows.FromNow(-minutes * 60), account.Id }
                )
            ).ShouldBe(1);
    }

    [Fact]
    public async Task SQLite_syncs_fully_checks_references_and_waits_for_a_lock()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        (await Of("journal_mode")).ShouldBe("wal");
        (await Of("synchronous")).ShouldBe("2"); // FULL
        (await Of("foreign_keys")).ShouldBe("1");
        (await Of("secure_delete")).ShouldBe("1");
        (await Of("busy_timeout")).ShouldBe("5000"); // of commands; how long servers wait, Faults.DatabaseGone shows

        async Task<string> Of(string pragma) =>
            await (await servers.Main.Installation.Get<Database>()).Write(async db => $"{await db.ExecuteScalarAsync($"PRAGMA {pragma}")}");
    }

    [Fact]
    public async Task A_variable_raises_what_an_imported_hash_may_cost()
    {
        var app = await servers.Main.CreateApp();
        var hash = BcryptHashes.Hash(App.Password);
        var file = $"handle,passwordHash\n{Ann},{hash[..4]}14{hash[6..]}\n";
        (await app.Import("users.csv", file, "--dry-run")).Output.ShouldContain("0 would be added");
        await using var raised = ChildProcess.Start(
            RepositoryPaths.Program,
            [
                "user",
                "import",
                app.Id,
                TransferFiles.In(app, "users.csv"),
                "--dry-run",
                "--data",
                app.Installation.DataFolder,
                "--database",
                app.Installation.DatabaseConnection,
            ],
            [("LATCHKEY_MOST_BCRYPT_COST", "14")]
        );
        await raised.WaitForExit();
        string.Join('\n', raised.Lines).ShouldContain("1 would be added");
    }

    [Fact]
    public async Task The_program_uses_its_own_libraries_and_not_those_of_the_system()
    {
        var installation = await servers.NewInstallation();
        foreach (var library in new[] { "libsodium.so.23", "libsodium.so", "libsqlite3.so.0", "libe_sqlite3.so", "libcrypt.so.1" })
        {
            await File.WriteAllTextAsync(Path.Combine(installation.DataFolder, library), "not a library");
        }

        var server = await servers.StartOn(installation, null, [("LD_LIBRARY_PATH", installation.DataFolder)]);
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        (await app.Import("users.csv", $"handle,passwordHash\nbob@example.com,{BcryptHashes.Hash(App.Password)}\n")).ShouldSucceed();
        await app.Login("bob@example.com");
        (
            await installation.Query<string>("SELECT password_hash FROM users WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann })
        ).ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        await app.Login(Ann);
    }
}
