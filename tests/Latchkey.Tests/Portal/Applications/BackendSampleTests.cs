using Latchkey.Cryptography;
using Latchkey.Tests.Applications.Credentials;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>The code that the portal shows for backends takes the application's tokens, and no others, whatever happens to its keys.</summary>
[Collection(SerialCollection.Name)]
public sealed class BackendSampleTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Refused = "401";

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("aspnet")]
    public async Task It_follows_the_keys_and_takes_nobody_elses_tokens(string sample)
    {
        Assert.SkipWhen(Engine.IsPostgres, "backends do not see the database");
        var app = await servers.Main.CreateRsaApp("signupFlow=none", "userJWTExpiration=1");
        var rs256 = await app.CreateUser(Ann);
        var id = rs256.Id();
        await using var backend = await SampleBackend.Start(sample, app);

        (await backend.Ask(rs256.Jwt)).ShouldBe(id);
        foreach (var other in new[] { Tampered(rs256.Jwt), Unsigned(rs256.Jwt), rs256.AccessToken, await OfAnotherApplication() })
        {
            (await backend.Ask(other)).ShouldStartWith(Refused);
        }

        // The first token of a key that nobody announced, of the other algorithm.
        await backend.MoveClock(TimeSpan.FromSeconds(2));
        await app.Activate(await app.Announce(JwsKey.Es256), "--now");
        var es256 = await app.Login(Ann);
        es256.Header.GetProperty("alg").GetString().ShouldBe(JwsKey.Es256);
        (await backend.Ask(es256.Jwt)).ShouldBe(id);
        (await backend.Ask(Tampered(es256.Jwt))).ShouldStartWith(Refused);
        (await backend.Ask(rs256.Jwt)).ShouldBe(id, "its key retires and is published still");

        // A key in other hands.
        (await app.Installation.Run("app", "key", "retire", app.Id, rs256.KeyId(), "--now")).ShouldSucceed();
        await WaitUntil.IsTrue("the server follows", async () => !(await app.Published()).Contains(rs256.KeyId()));
        await backend.MoveClock(TimeSpan.FromMinutes(5.5));
        (await backend.Ask(rs256.Jwt)).ShouldStartWith(Refused);
        (await backend.Ask(es256.Jwt)).ShouldBe(id);

        var last = (await app.Login(Ann)).Jwt;
        await backend.MoveClock(TimeSpan.FromSeconds(3600 + 10));
        (await backend.Ask(last)).ShouldBe(id, "clocks differ");
        await backend.MoveClock(TimeSpan.FromSeconds(3600 + 120));
        (await backend.Ask(last)).ShouldStartWith(Refused, Case.Sensitive, "it has expired");

        await backend.MoveClock(TimeSpan.Zero);
        (await backend.Ask(last)).ShouldBe(id);
        await app.Set("realmAppId=realm-1");
        (await backend.Ask((await app.Login(Ann)).Jwt)).ShouldStartWith(Refused, Case.Sensitive, "it is for another audience");
    }

    private async Task<string> OfAnotherApplication() => (await (await servers.Main.CreateRsaApp("signupFlow=none")).CreateUser(Ann)).Jwt;

    /// <summary>The same claims with another signature.</summary>
    private static string Tampered(string jwt) => jwt[..^20] + (jwt[^20] == 'A' ? 'B' : 'A') + jwt[^19..];

    private static string Unsigned(string jwt) =>
        $"{System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8)}.{jwt.Split('.')[1]}.";
}
