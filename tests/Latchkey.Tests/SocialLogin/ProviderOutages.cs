using System.Text.Json.Nodes;

namespace Latchkey.Tests.SocialLogin;

/// <summary>The provider's keys when it is down or when strangers make key ids up. Each test has a server of its own, for the keys it has cached.</summary>
public sealed class ProviderOutages(Servers servers)
{
    private const string Ada = "ada@example.com";

    [Fact]
    public async Task A_thousand_unknown_key_ids_cause_one_fetch_a_minute()
    {
        await using var provider = await IdentityProvider.Start();
        var app = await CreateApp(provider);
        app.Tokens(await app.SocialSignup("google", provider.Token("google", Ada), Ada));
        var before = provider.Fetches;
        for (var batch = 0; batch < 20; batch++)
        {
            foreach (var reply in await AppFlows.AtOnce(50, i => app.SocialLogin("google", provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = $"{batch}-{i}" }, new JsonObject()))))
            {
                reply.ShouldFailWith(613);
            }
        }

        (provider.Fetches - before).ShouldBeLessThanOrEqualTo(1);
        Drill.Measured(29, $"1,000 unknown key ids, {provider.Fetches - before} fetches");
        app.Tokens(await app.SocialLogin("google", provider.Token("google", Ada)));
    }

    [Fact]
    public async Task While_it_is_down_known_keys_work_and_unknown_ones_are_refused()
    {
        await using var provider = await IdentityProvider.Start();
        var app = await CreateApp(provider);
        app.Tokens(await app.SocialSignup("google", provider.Token("google", Ada), Ada));
        provider.IsDown = true;
        app.Tokens(await app.SocialLogin("google", provider.Token("google", Ada)));
        (await app.SocialLogin("google", provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = "new" }, IdentityProvider.Claims("google", Ada)))).ShouldFailWith(613);
        app.Tokens(await app.SocialLogin("google", provider.Token("google", Ada)));
    }

    [Fact]
    public async Task Down_from_the_start_it_is_a_refusal_and_no_internal_error()
    {
        await using var provider = await IdentityProvider.Start();
        provider.IsDown = true;
        var app = await CreateApp(provider);
        (await app.SocialSignup("apple", provider.Token("apple", Ada), Ada)).ShouldFailWith(613);
        (await app.SocialLogin("google", provider.Token("google", Ada))).ShouldFailWith(613);
        (await app.UsersNamed(Ada)).ShouldBe(0);
    }

    private async Task<App> CreateApp(IdentityProvider provider)
    {
        var server = await servers.StartOn(await servers.NewInstallation(), ["--limits", "off"], provider.Environment());
        return await server.CreateApp("appleLoginEnabled=1", $"appleBundleId={IdentityProvider.AppleBundle}", "googleLoginEnabled=1", $"googleClientId={IdentityProvider.GoogleClient}");
    }
}
