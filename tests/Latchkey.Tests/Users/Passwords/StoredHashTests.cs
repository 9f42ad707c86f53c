using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>Hashes as PHC strings, whose parameters travel with them.</summary>
public sealed class StoredHashTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Today = "$argon2id$v=19$m=19456,t=2,p=1$";

    [Fact]
    public async Task A_new_hash_has_todays_parameters()
    {
        var app = await AppWithAnn();
        (await HashOf(app)).ShouldStartWith(Today);
    }

    [Theory]
    [InlineData("argon2")]
    [InlineData("pbkdf2")]
    public async Task An_older_hash_logs_in_and_is_made_anew(string kind)
    {
        var app = await AppWithAnn();
        var md5 = Encoding.UTF8.GetBytes(RawPassword.Md5(App.Password));
        await SetHash(app, kind == "argon2" ? WeakArgon2.Hash(md5) : Pbkdf2(md5, 1000));
        (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await HashOf(app)).ShouldStartWith(Today);
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2id$garbled")]
    [InlineData("$pbkdf2-sha512$i=5000000$AAAA$AAAA")]
    [InlineData("$pbkdf2-sha512$i=1000$AAAA")]
    [InlineData("plain text")]
    public async Task A_damaged_hash_lets_nobody_in(string hash)
    {
        var app = await AppWithAnn();
        await SetHash(app, hash);
        (await app.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public void A_PBKDF2_hash_of_an_earlier_version_verifies()
    {
        var hash = new PasswordHash("");
        using var memory = new Argon2Memory();
        var stored = Pbkdf2("a password"u8, 220_000);
        hash.Verify(stored, "a password"u8, memory).ShouldBeTrue();
        hash.Verify(stored, "a passwore"u8, memory).ShouldBeFalse();
    }

    [Fact]
    public async Task A_pepper_is_needed_to_verify_and_older_hashes_get_it()
    {
        var installation = await servers.NewInstallation();
        var without = await servers.StartOn(installation);
        var app = await without.CreateApp("signupFlow=none");
        await app.CreateUser("bob@example.com");

        var peppered = app with { Server = await servers.StartOn(installation, environment: [("LATCHKEY_PEPPER", "a pepper")]) };
        await peppered.CreateUser(Ann);
        (await HashOf(app)).ShouldStartWith("peppered:$argon2id$");
        (await peppered.TryLogin(Ann)).ShouldBeOk();
        (await app.TryLogin(Ann)).ShouldFailWith(600);

        (await peppered.TryLogin("bob@example.com")).ShouldBeOk();
        (await peppered.TryLogin("bob@example.com")).ShouldBeOk();
        (await app.TryLogin("bob@example.com")).ShouldFailWith(600);
    }

    private async Task<App> AppWithAnn()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        return app;
    }

    private static Task<string> HashOf(App app) =>
        app.Installation.Query<string>("SELECT password_hash FROM users WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann });

    private static Task SetHash(App app, string hash) =>
        app.Installation.Execute("UPDATE users SET password_hash = @hash WHERE app_id = @Id", new { hash, app.Id });

    private static string Pbkdf2(ReadOnlySpan<byte> password, int rounds)
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA512, 64);
        return $"$pbkdf2-sha512$i={rounds}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}";
    }
}
