using System.Text.Json;

namespace Latchkey.Tests.Nodes;

/// <summary>Row 53: two nodes whose clocks are three minutes apart, on one PostgreSQL.</summary>
public sealed class ClockSkewTests(ServerFixture servers)
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    [Fact]
    public async Task Codes_tokens_and_limits_end_by_the_databases_clock_on_every_node()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite's nodes are on one machine");
        var installation = await servers.NewInstallation();
        var (slow, fast) = (await StartAt(installation, -90), await StartAt(installation, +90));
        var app = await slow.CreateApp("twoFactorVerification=phone");
        foreach (var (node, other) in new[] { (slow, fast), (fast, slow) })
        {
            await CodesEndInTime(app with { Server = node });
            await OtherCodesEndInTime(app with { Server = node }, app with { Server = other });
            await TokensAreGood(app with { Server = node }, app with { Server = other });
            await LimitsOpenInTime(app with { Server = node }, app with { Server = other });
        }

        TestScale.RecordFigure(
            53,
            "nodes 90 s behind and 90 s ahead: codes of signups, invitations, resets, phones and logins that ended 1 s ago "
                + "refused, with 30 s left accepted, on both; a back-off opens on both by the database's clock"
        );
    }

    private static async Task CodesEndInTime(App app)
    {
        var (late, intime) = ($"late{app.Server.Address.Port}@example.com", $"intime{app.Server.Address.Port}@example.com");
        (await app.Signup(late)).ShouldBeTrue();
        (await app.Signup(intime)).ShouldBeTrue();
        var lasts = await app.Installation.Query<long>(
            "SELECT expires_at - (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM signups WHERE handle = @late",
            new { late }
        );
        TimeSpan
            .FromMilliseconds(lasts)
            .ShouldBeInRange(TimeSpan.FromHours(48) - TimeSpan.FromSeconds(30), TimeSpan.FromHours(48) + TimeSpan.FromSeconds(1));
        await EndsIn(app, late, -1);
        await EndsIn(app, intime, 30);
        (await app.Complete(late, await app.LastCodeFor(late))).ShouldFailWith(411);
        (await app.Complete(intime, await app.LastCodeFor(intime))).ShouldBeOk();
    }

    /// <summary>What one node sends is judged by the other.</summary>
    private static async Task OtherCodesEndInTime(App app, App other)
    {
        var (una, kim, phone) = (
            $"una{app.Server.Address.Port}@example.com",
            $"kim{app.Server.Address.Port}@example.com",
            $"+49151{app.Server.Address.Port:D8}"
        );
        await app.CreateUserByCode(una);
        (await app.InviteByServer(kim)).ShouldBeTrue();
        await Ends("invitations", kim, async () => await other.Register(kim, await app.LastCodeFor(kim)), 602);
        await AMinutePasses();
        (await app.ForgotPassword(una)).ShouldBeTrue();
        await Ends("user_codes", una, async () => await other.ResetPassword(una, await app.LastCodeFor(una), App.Password), 602);
        var user = await app.Login(una);
        (await user.Post("setPhone", new { phone })).ShouldBeTrue();
        await Ends(
            "user_codes",
            una,
            async () => await (user with { App = other }).Post("verifyPhone", new { code = await app.LastCodeFor(phone) }),
            602
        );
        (await user.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        await AMinutePasses();
        var token = await app.LoginToken(una);
        await Ends("user_codes", una, async () => await other.LoginComplete(token, await app.LastCodeFor(phone)), 600);

        Task AMinutePasses() =>
            app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @messages", new { messages = $"{app.Id}|messages%" });

        async Task Ends(string table, string handle, Func<Task<Reply>> use, int code)
        {
            var whose =
                table == "invitations"
                    ? "handle = @handle"
                    : "used_at IS NULL AND user_id = (SELECT id FROM users WHERE app_id = @Id AND handle = @handle)";
            foreach (var seconds in new[] { -1, 30 })
            {
                (
                    await app.Installation.Execute(
                        $"UPDATE {table} SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + @seconds * "
                            + $"1000 WHERE app_id = @Id AND {whose}",
                        new
                        {
                            app.Id,
                            handle,
                            seconds,
                        }
                    )
                ).ShouldBe(1);
                (await use()).Code.ShouldBe(seconds < 0 ? code : null, $"{table} {seconds}");
            }
        }
    }

    /// <summary>
    /// Five failures close a handle for thirty seconds of the database's clock, whichever node was asked, and for no longer.
    /// </summary>
    private static async Task LimitsOpenInTime(App app, App other)
    {
        var handle = $"una{app.Server.Address.Port}@example.com";
        for (var i = 0; i < 5; i++)
        {
            (await (i % 2 == 0 ? app : other).TryLogin(handle, "a wrong password")).ShouldFailWith(600);
        }

        const string bucket = "bucket LIKE '%failed logins of one handle%' AND opens_at > 0";
        var opensIn = await app.Installation.Query<long>(
            $"SELECT opens_at - (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM limits WHERE {bucket}"
        );
        opensIn.ShouldBeInRange(1, 31_000);
        foreach (var node in new[] { app, other })
        {
            var refused = await node.TryLogin(handle);
            refused.ShouldBeRateLimited();
            int.Parse(refused.Header("Retry-After")!).ShouldBeInRange(1, 31);
        }

        (
            await app.Installation.Execute(
                $"UPDATE limits SET opens_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1000 WHERE {bucket}"
            )
        ).ShouldBe(1);
        (await other.TryLogin(handle, "a wrong password")).ShouldFailWith(600);
        (await app.TryLogin(handle)).ShouldBeRateLimited();
        await app.Installation.Execute($"DELETE FROM limits WHERE {bucket}");
    }

    private static Task EndsIn(App app, string handle, int seconds) =>
        app.Installation.Execute(
            "UPDATE signups SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + @seconds * 1000 WHERE "
                + "handle = @handle",
            new { handle, seconds }
        );

    /// <summary>Tokens of one node are neither from the future nor ended to the other, and say the database's time.</summary>
    private static async Task TokensAreGood(App app, App other)
    {
        var ann = await app.CreateUserByCode($"ann{app.Server.Address.Port}@example.com");
        (await (ann with { App = other }).TryGetUser()).ShouldBeOk();
        var now = await app.Installation.Query<long>("SELECT extract(epoch FROM clock_timestamp())::bigint");
        ann.Claims.GetProperty("iat").GetInt64().ShouldBeInRange(now - 30, now + 1);
        await ann.App.Installation.Execute(
            "UPDATE sessions SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1000 WHERE user_id = @id",
            new { id = ann.Id() }
        );
        (await ann.TryGetUser()).ShouldFailWith(501);
        (await (ann with { App = other }).TryGetUser()).ShouldFailWith(501);
    }

    private async Task<ServerProcess> StartAt(TestInstallation installation, int seconds)
    {
        var server = await servers.StartOn(
            installation,
            null,
            [("LD_PRELOAD", FakeTime), ("FAKETIME", $"{seconds:+0;-0}s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_NO_CACHE", "1")]
        );
        var logged = server
            .Log.Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Timestamp").GetDateTimeOffset())
            .First();
        // The process does have another clock
        (logged - TimeProvider.System.GetUtcNow()).TotalSeconds.ShouldBeInRange(seconds - 45, seconds + 5);
        return server;
    }
}
