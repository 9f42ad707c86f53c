using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Signing in with a provider that nobody here wrote.</summary>
public sealed class OidcProviderTests(ServerFixture servers)
{
    [Fact]
    public async Task Oidc_provider_of_npm_signs_somebody_in_recognises_them_and_proves_who_they_are()
    {
        var app = await ProviderApp.Create(servers, ViaVisitor.Settings);
        await using var server = await OidcProviderServer.Start($"{app.Issuer}/login/via/{ViaVisitor.Alias}/callback");
        await ViaVisitor.AddProvider(app, server.Issuer);
        var client = await app.AddClient(ClientType.Web, one => one with { FirstParty = true });
        for (var round = 0; round < 2; round++)
        {
            using var browser = new Browser(app);
            var url = ViaVisitor.AddressOf(await ViaVisitor.Press(browser, await browser.Authorize(client)));
            url.ShouldStartWith($"{server.Issuer}/auth?");
            (await browser.Open(await server.SignIn(url, "hanna"))).ShouldHaveCode(app);
            await app.Installation.Execute(
                "UPDATE sessions SET created_at = created_at - 3600000, proved_at = proved_at - 3600000 WHERE app_id = @Id",
                new { app.Id }
            );
            var proof = (await browser.Open("account/delete")).ShouldBePage("account/proof");
            var anew = await server.SignIn(ViaVisitor.AddressOf(await ViaVisitor.Press(browser, proof)), "hanna");
            (await browser.Open(anew)).ShouldBePage("account/delete");
        }

        (await app.Installation.Query<string>("SELECT handle || ' ' || metadata FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(
            """hanna@example.com {"user_data.first":"Ann"}"""
        );
    }
}
