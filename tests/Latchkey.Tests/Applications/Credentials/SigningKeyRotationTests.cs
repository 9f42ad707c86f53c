using Latchkey.Applications.Credentials;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>Announce, sign, retire: the keys of user JWTs.</summary>
public sealed class SigningKeyRotationTests(ServerFixture servers)
{
    [Fact]
    public async Task A_new_key_is_published_and_signs_nothing_yet()
    {
        var ann = await Ann();
        var announced = await ann.App.Announce();
        (await ann.App.Published()).ShouldBe([announced, ann.KeyId()]);
        (await ann.App.Login("ann@example.com")).KeyId().ShouldBe(ann.KeyId());
        (await ann.App.Server.Get($"/apps/{ann.App.Id}/public-key.pem")).Text.Trim().ShouldBe(ann.App.PublicKey.Trim());
        (await ann.App.Listed(announced)).GetProperty("state").GetString().ShouldBe("announced");
    }

    [Fact]
    public async Task It_cannot_sign_before_caches_have_it_unless_forced()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        var announced = await app.Announce();
        (await app.Installation.Run("app", "key", "activate", app.Id, announced)).ShouldFail("force it");
        await app.AnnouncedBefore(announced, SigningKeys.AnnouncementPeriod - TimeSpan.FromMinutes(1));
        (await app.Installation.Run("app", "key", "activate", app.Id, announced)).ShouldFail("force it");
        await app.AnnouncedBefore(announced, TimeSpan.FromMinutes(1));
        await app.Activate(announced);
        (await app.CreateUser("ann@example.com")).KeyId().ShouldBe(announced);

        var hasty = await app.Announce();
        await app.Activate(hasty, "--now");
        (await app.Login("ann@example.com")).KeyId().ShouldBe(hasty);
        (await app.Installation.Run("app", "key", "activate", app.Id, hasty)).ShouldFail("already");
    }

    [Fact]
    public async Task Caches_keep_keys_for_less_than_the_time_of_announcement()
    {
        var app = await servers.Main.CreateRsaApp();
        foreach (var path in new[] { ".well-known/jwks.json", ".well-known/openid-configuration", "public-key.pem" })
        {
            var age = int.Parse((await app.Server.Get($"/apps/{app.Id}/{path}")).Header("Cache-Control")!.Split("max-age=")[1]);
            (TimeSpan.FromSeconds(age) + TimeSpan.FromMinutes(2)).ShouldBeLessThan(SigningKeys.AnnouncementPeriod);
        }
    }

    [Fact]
    public async Task The_key_before_stays_until_its_last_token_has_expired_and_goes_then()
    {
        var ann = await Ann("userJWTExpiration=48");
        await ann.App.Set("userJWTExpiration=1"); // a token of two days is out
        var before = AppFlows.FromNow(48 * 3600);
        var next = await ann.App.RotateTo(JwsKey.Rs256);
        (await ann.App.Published()).ShouldBe([next, ann.KeyId()], ignoreOrder: true);
        (await ann.App.Verify(ann.Jwt)).ShouldBeOk();
        (await EndOf(ann)).ShouldBeInRange(before - 60_000, before + 600_000);

        var rules = await ann.App.Installation.Get<SigningKeyRules>();
        await rules.RemoveEnded();
        (await ann.App.Published()).ShouldContain(ann.KeyId());
        await ann.App.Installation.Execute(
            "UPDATE signing_keys SET ends_at = @now WHERE id = @id",
            new { id = ann.KeyId(), now = AppFlows.FromNow(-1) }
        );
        await rules.RemoveEnded();
        await WaitUntil.IsTrue("the server follows", async () => (await ann.App.Published()).Count == 1);
        (await ann.App.Published()).ShouldBe([next]);
        (await ann.App.Verify(ann.Jwt)).ShouldFailWith(405);
        (await Log(ann.App)).ShouldBe("createApplication changeSettings announceSigningKey activateSigningKey retireSigningKey");
    }

    [Fact]
    public async Task A_key_that_retires_may_come_back()
    {
        var ann = await Ann();
        var next = await ann.App.RotateTo(JwsKey.Es256);
        await ann.App.Activate(ann.KeyId());
        (await ann.App.Login("ann@example.com")).KeyId().ShouldBe(ann.KeyId());
        (await ann.App.Listed(ann.KeyId())).GetProperty("leavesAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await ann.App.Listed(next)).GetProperty("state").GetString().ShouldBe("retiring");
    }

    [Fact]
    public async Task A_key_in_other_hands_goes_at_once_and_another_signs()
    {
        var ann = await Ann();
        (await ann.App.Installation.Run("app", "key", "retire", ann.App.Id, ann.KeyId())).ShouldFail("--now");
        (await ann.App.Published()).ShouldBe([ann.KeyId()]);
        var fresh = (await ann.App.Installation.Run("app", "key", "retire", ann.App.Id, ann.KeyId(), "--now"))
            .ShouldSucceed()
            .Output.Trim();
        await WaitUntil.IsTrue("the server follows", async () => !(await ann.App.Published()).Contains(ann.KeyId()));
        (await ann.App.Published()).ShouldBe([fresh]);
        (await ann.App.Verify(ann.Jwt)).ShouldFailWith(405);
        (await ann.TryGetUser()).ShouldBeOk();
        var again = await ann.App.Login("ann@example.com");
        again.KeyId().ShouldBe(fresh);
        (await ann.App.Verify(again.Jwt)).ShouldBeOk();
    }

    [Fact]
    public async Task An_announced_key_that_everyone_knows_takes_the_place_of_one_that_must_go()
    {
        var ann = await Ann();
        var known = await ann.App.Announce();
        await ann.App.AnnouncedBefore(known, SigningKeys.AnnouncementPeriod);
        (await ann.App.Installation.Run("app", "key", "retire", ann.App.Id, ann.KeyId(), "--now"))
            .ShouldSucceed()
            .Output.Trim()
            .ShouldBe(known);
    }

    [Fact]
    public async Task There_are_ten_at_most_and_none_of_another_algorithm_or_application()
    {
        var (app, other) = (await servers.Main.CreateRsaApp(), await servers.Main.CreateRsaApp());
        foreach (var algorithm in new[] { "HS256", "none", "rs256", "" })
        {
            (await app.Installation.Run("app", "key", "add", app.Id, "--algorithm", algorithm)).ShouldFail("RS256 or ES256");
        }

        for (var i = 1; i < 10; i++)
        {
            (await app.Installation.Run("app", "key", "add", app.Id, "--algorithm", "ES256")).ShouldSucceed();
        }

        (await app.Installation.Run("app", "key", "add", app.Id)).ShouldFail("at most 10");
        var theirs = await other.Announce();
        (await app.Installation.Run("app", "key", "activate", app.Id, theirs, "--now")).ShouldFail("no such signing key");
        (await app.Installation.Run("app", "key", "retire", app.Id, theirs, "--now")).ShouldFail("no such signing key");
        (await app.Installation.Run("app", "key", "list", new string('0', 32))).ShouldFail("no application");
    }

    private async Task<LoggedInUser> Ann(params string[] settings) =>
        await (await servers.Main.CreateRsaApp(["signupFlow=none", .. settings])).CreateUser("ann@example.com");

    private static Task<long> EndOf(LoggedInUser ann) =>
        ann.App.Installation.Query<long>("SELECT ends_at FROM signing_keys WHERE id = @id", new { id = ann.KeyId() });

    private static async Task<string> Log(App app)
    {
        var database = await app.Installation.Get<Latchkey.Data.Database>();
        var actions = await database.Read(db =>
            Dapper.SqlMapper.QueryAsync<string>(
                db,
                "SELECT action FROM audit WHERE app_id = @Id AND (action LIKE '%Key' OR action LIKE 'c%') ORDER BY at, id",
                new { app.Id }
            )
        );
        return string.Join(' ', actions);
    }
}
