using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>Another App Secret, and an end for the one before.</summary>
public sealed class AppSecretRotationTests(ServerFixture servers)
{
    [Fact]
    public async Task Both_work_until_the_old_one_is_ended()
    {
        var app = await servers.Main.CreateRsaApp();
        var secret = (await app.Installation.Run("app", "secret", "add", app.Id, "--label", "web server")).ShouldSucceed().Output.Trim();
        await WaitUntil.IsTrue("the server follows", async () => (await Call(app, secret)).Code is null);
        (await Call(app, app.Secret)).ShouldBeOk();

        var listed = (await Listed(app)).Single(one => one.GetProperty("label").GetString() == "web server");
        listed.GetProperty("fingerprint").GetString().ShouldBe(Fingerprint(secret));
        (await app.Installation.Run("app", "secret", "end", app.Id, Fingerprint(app.Secret))).ShouldSucceed();
        await WaitUntil.IsTrue("the server follows", async () => (await Call(app, app.Secret)).Code == 400);
        (await Call(app, secret)).ShouldBeOk();
        (await Listed(app)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_with_a_time_of_grace_goes_on_and_can_be_kept()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Installation.Run("app", "secret", "end", app.Id, Fingerprint(app.Secret), "--in", "7")).ShouldSucceed();
        (await Listed(app)).Single().GetProperty("endsAt").GetString().ShouldNotBeNull();
        (await Call(app, app.Secret)).ShouldBeOk();
        (await app.Installation.Run("app", "secret", "keep", app.Id, Fingerprint(app.Secret))).ShouldSucceed();
        (await Listed(app)).Single().GetProperty("endsAt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Lists_and_the_database_hold_no_secret()
    {
        var app = await servers.Main.CreateRsaApp();
        var secret = (await app.Installation.Run("app", "secret", "add", app.Id)).ShouldSucceed().Output.Trim();
        (await app.Installation.Run("app", "secret", "list", app.Id)).ShouldSucceed().Output.ShouldNotContain(secret);
        (
            await app.Installation.Query<long>("SELECT COUNT(*) FROM app_secrets WHERE hash = @secret OR label = @secret", new { secret })
        ).ShouldBe(0);
        var stored = await DatabaseSnapshot.OfApplication(app.Installation, app.Id);
        stored.ShouldContain("addAppSecret");
        stored.ShouldNotContain(secret);
    }

    [Fact]
    public async Task There_are_ten_at_most_with_labels_on_one_line_and_none_of_another_application()
    {
        var (app, other) = (await servers.Main.CreateRsaApp(), await servers.Main.CreateRsaApp());
        foreach (var label in new[] { "two\nlines", new string('x', 61) })
        {
            (await app.Installation.Run("app", "secret", "add", app.Id, "--label", label)).ShouldFail("at most 60 characters");
        }

        for (var i = 1; i < 10; i++)
        {
            (await app.Installation.Run("app", "secret", "add", app.Id)).ShouldSucceed();
        }

        (await app.Installation.Run("app", "secret", "add", app.Id)).ShouldFail("at most 10");
        (await app.Installation.Run("app", "secret", "end", other.Id, Fingerprint(app.Secret))).ShouldFail("no such App Secret");
        (await Call(app, app.Secret)).ShouldBeOk();
        (await app.Installation.Run("app", "secret", "list", new string('0', 32))).ShouldFail("no application");
    }

    private static Task<Reply> Call(App app, string secret) => app.SendAsServer(HttpMethod.Get, "users", secret: secret);

    private static async Task<IReadOnlyList<JsonElement>> Listed(App app) =>
        [.. (await app.Installation.Run("app", "secret", "list", app.Id, "--json")).ShouldSucceed().Json.EnumerateArray()];

    /// <summary>What people compute on a server: printf %s "$SECRET" | sha256sum | cut -c1-12.</summary>
    private static string Fingerprint(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..12];
}
