using System.Globalization;
using Latchkey.Applications.Credentials;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>10,000 verifications by backends that cache the key set as its headers say, while keys rotate: 0 failures.</summary>
public sealed class JwksRotationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private static readonly int Verifications = TestScale.Size(4_000, 10_000);
    private static readonly int Rotations = TestScale.Size(1, 3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [Fact]
    public async Task None_fails()
    {
        var app = await (await servers.Unlimited()).CreateRsaApp("signupFlow=none", "userJWTExpiration=1");
        var (now, verified) = (TimeSpan.Zero, 0);
        var backends = Enumerable.Range(0, 7).Select(i => new Backend(app, TimeSpan.FromSeconds(47 * i))).ToList();
        List<(TimeSpan At, string Jwt)> tokens = [(now, (await app.CreateUser(Ann)).Jwt)];
        var (announced, at, rotations) = ("", now, 0);
        while (verified < Verifications || rotations < Rotations)
        {
            now += Round;
            if (announced.Length == 0)
            {
                (announced, at) = (await app.Announce(rotations % 2 == 0 ? JwsKey.Es256 : JwsKey.Rs256), now);
            }
            else if (now - at == SigningKeys.AnnouncementPeriod)
            {
                await app.AnnouncedBefore(announced, SigningKeys.AnnouncementPeriod);
                await app.Activate(announced);
            }
            else if (now - at == SigningKeys.AnnouncementPeriod + Lifetime + TimeSpan.FromMinutes(5))
            {
                await RemoveOld(app, Lifetime + TimeSpan.FromMinutes(5));
                (announced, rotations) = ("", rotations + 1);
            }

            if (now.TotalSeconds % 120 == 0)
            {
                tokens.Add((now, (await app.Login(Ann)).Jwt));
                tokens.RemoveAll(token => now - token.At >= Lifetime);
            }

            foreach (var backend in backends)
            {
                foreach (var (_, jwt) in tokens.TakeLast(2).Prepend(tokens[0]))
                {
                    (await backend.Verifies(jwt, now)).ShouldBeTrue($"at {now}");
                    verified++;
                }
            }
        }

        TestScale.RecordFigure(29, $"{verified:N0} verifications through {rotations} rotations, 0 failures");
    }

    [Fact]
    public async Task Without_the_wait_they_fail_where_the_set_of_before_is_cached()
    {
        var app = await (await servers.Unlimited()).CreateRsaApp("signupFlow=none");
        var backend = new Backend(app, TimeSpan.Zero);
        (await backend.Verifies((await app.CreateUser(Ann)).Jwt, TimeSpan.Zero)).ShouldBeTrue();
        await app.Activate(await app.Announce(), "--now");
        var jwt = (await app.Login(Ann)).Jwt;
        (await backend.Verifies(jwt, TimeSpan.FromSeconds(1))).ShouldBeFalse();
        (await backend.Verifies(jwt, SigningKeys.CacheLifetime)).ShouldBeTrue();
    }

    /// <summary>As if so much time had passed since the rotation, and the cleaner came by.</summary>
    private static async Task RemoveOld(App app, TimeSpan passed)
    {
        await app.Installation.Execute(
            "UPDATE signing_keys SET ends_at = ends_at - @by WHERE app_id = @Id",
            new { app.Id, by = (long)passed.TotalMilliseconds }
        );
        await (await app.Installation.Get<SigningKeyRules>()).RemoveEnded();
        await WaitUntil.IsTrue("the old key is gone", async () => (await app.Published()).Count == 1);
    }

    /// <summary>A backend that fetches the key set when its copy is too old, and never for an unknown key.</summary>
    /// <param name="fetchedFirst">So much later than the others, so that copies end at different times.</param>
    private sealed class Backend(App app, TimeSpan fetchedFirst)
    {
        private IReadOnlyList<JwsKey> keys = [];
        private TimeSpan freshUntil = TimeSpan.MinValue;

        public async Task<bool> Verifies(string jwt, TimeSpan now)
        {
            if (now >= freshUntil)
            {
                var reply = (await app.Server.Get($"/apps/{app.Id}/.well-known/jwks.json")).ShouldBeOk();
                keys = [.. reply.Json.GetProperty("keys").EnumerateArray().Select(Jwk.Read).OfType<JwsKey>()];
                var fresh = TimeSpan.FromSeconds(
                    int.Parse(reply.Header("Cache-Control")!.Split("max-age=")[1], CultureInfo.InvariantCulture)
                );
                freshUntil =
                    now
                    + (
                        freshUntil == TimeSpan.MinValue && fetchedFirst > TimeSpan.Zero
                            ? fresh - TimeSpan.FromSeconds(fetchedFirst.TotalSeconds % fresh.TotalSeconds)
                            : fresh
                    );
            }

            return Jwt.Verify(jwt, header => keys.FirstOrDefault(key => key.KeyId == header.KeyId && key.Algorithm == header.Algorithm))
                is not null;
        }
    }
}
