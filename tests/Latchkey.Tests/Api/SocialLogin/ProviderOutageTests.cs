using System.Text.Json.Nodes;
using Latchkey.Api.SocialLogin;
using Latchkey.Core.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Tests.Api.SocialLogin;

/// <summary>
/// The provider's keys when it is down or when strangers make key ids up. Each test has a server of its own, for the keys it has cached.
/// </summary>
public sealed class ProviderOutageTests(ServerFixture servers)
{
    private const string Ada = "ada@example.com";

    [Fact]
    public async Task A_thousand_unknown_key_ids_cause_one_fetch_a_minute()
    {
        await using var provider = await FakeIdentityProvider.Start();
        var app = await CreateApp(provider);
        app.ParseTokens(await app.SocialSignup("google", provider.Token("google", Ada), Ada));
        var before = provider.Fetches;
        for (var batch = 0; batch < 20; batch++)
        {
            foreach (
                var reply in await AppFlows.SendInParallel(
                    50,
                    i =>
                        app.SocialLogin(
                            "google",
                            provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = $"{batch}-{i}" }, new JsonObject())
                        )
                )
            )
            {
                reply.ShouldFailWith(613);
            }
        }

        (provider.Fetches - before).ShouldBeLessThanOrEqualTo(1);
        TestScale.RecordFigure(29, $"1,000 unknown key ids, {provider.Fetches - before} fetches");
        app.ParseTokens(await app.SocialLogin("google", provider.Token("google", Ada)));
    }

    [Fact]
    public async Task After_a_minute_unknown_key_ids_cause_one_fetch_and_a_new_key_counts()
    {
        await using var provider = await FakeIdentityProvider.Start();
        var clock = new OffsetClock();
        using var keys = new ProviderKeyCache(
            new InstallationSettings { GoogleKeysUrl = new Uri(provider.Address, "/google") },
            clock,
            NullLogger<ProviderKeyCache>.Instance
        );
        (await keys.Find("google", "google-rsa", CancellationToken.None)).ShouldNotBeNull();
        provider.NewKeyId = "new";
        clock.Moved = TimeSpan.FromSeconds(59);
        (await keys.Find("google", "new", CancellationToken.None)).ShouldBeNull();
        provider.Fetches.ShouldBe(1);
        clock.Moved = TimeSpan.FromSeconds(61);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => keys.Find("google", $"unknown-{i}", CancellationToken.None)));
        provider.Fetches.ShouldBe(2);
        (await keys.Find("google", "new", CancellationToken.None)).ShouldNotBeNull();
        provider.Fetches.ShouldBe(2);
    }

    [Fact]
    public async Task While_it_is_down_known_keys_work_and_unknown_ones_are_refused()
    {
        await using var provider = await FakeIdentityProvider.Start();
        var app = await CreateApp(provider);
        app.ParseTokens(await app.SocialSignup("google", provider.Token("google", Ada), Ada));
        provider.IsDown = true;
        app.ParseTokens(await app.SocialLogin("google", provider.Token("google", Ada)));
        (
            await app.SocialLogin(
                "google",
                provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = "new" }, FakeIdentityProvider.Claims("google", Ada))
            )
        ).ShouldFailWith(613);
        app.ParseTokens(await app.SocialLogin("google", provider.Token("google", Ada)));

        // And while it takes a question and says nothing, only who brings a new key id waits.
        var answers = new TaskCompletionSource();
        (provider.IsSlow, var before) = (answers.Task, provider.Fetches);
        var waiting = app.SocialSignup("apple", provider.Token("apple", Ada), Ada);
        await WaitUntil.IsTrue("the provider is asked", () => Task.FromResult(provider.Fetches > before));
        app.ParseTokens(await app.SocialLogin("google", provider.Token("google", Ada)));
        waiting.IsCompleted.ShouldBeFalse();
        answers.SetResult();
        (await waiting).ShouldFailWith(613);
    }

    [Fact]
    public async Task Down_from_the_start_it_is_a_refusal_and_no_internal_error()
    {
        await using var provider = await FakeIdentityProvider.Start();
        provider.IsDown = true;
        // Where nobody listens
        var app = await CreateApp(provider, ("LATCHKEY_GOOGLE_KEYS_URL", $"http://127.0.0.1:{FreePort.Find()}/google"));
        (await app.SocialSignup("apple", provider.Token("apple", Ada), Ada)).ShouldFailWith(613);
        (await app.SocialLogin("google", provider.Token("google", Ada))).ShouldFailWith(613);
        (await app.CountUsers(Ada)).ShouldBe(0);
    }

    private sealed class OffsetClock : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Moved;
    }

    private async Task<App> CreateApp(FakeIdentityProvider provider, params (string Name, string Value)[] instead)
    {
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [.. provider.Environment().ExceptBy(instead.Select(one => one.Name), one => one.Name), .. instead]
        );
        return await server.CreateApp(
            "appleLoginEnabled=1",
            $"appleBundleId={FakeIdentityProvider.AppleBundle}",
            "googleLoginEnabled=1",
            $"googleClientId={FakeIdentityProvider.GoogleClient}"
        );
    }
}
