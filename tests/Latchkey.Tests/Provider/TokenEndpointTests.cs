using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The token endpoint, row by row of section 10 (OAuth 2.1).</summary>
public sealed class TokenEndpointTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Row_21_35_A_code_gives_tokens_and_the_refresh_token_gives_new_ones()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(Ann));
        var reply = await client.Exchange(await provider.IssueCode(client, ann, "openid offline_access"));
        reply.Text("token_type").ShouldBe("Bearer");
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBe(3600);
        reply.Text("scope").ShouldBe("openid offline_access");
        reply.Claims("id_token").GetProperty("sub").GetString().ShouldBe(reply.Claims("access_token").GetProperty("sub").GetString());
        var refreshed = await client.Token(("grant_type", GrantType.RefreshToken), ("refresh_token", reply.Text("refresh_token")));
        refreshed.Text("refresh_token").ShouldNotBe(reply.Text("refresh_token"));
    }
}
