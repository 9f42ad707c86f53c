using System.Net;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Tokens for the APIs of an application: RFC 8707, and RFC 9068 and RFC 9700 where they are about resources.</summary>
public sealed class ResourceTokenTests(ServerFixture servers)
{
    private const string Orders = "https://orders.example.com/";
    private const string Stock = "https://stock.example.com/api";
    private static readonly (string, string) ForItself = ("grant_type", GrantType.ClientCredentials);

    [Fact]
    public async Task Row_9068_12_The_scope_is_one_text_whose_values_mean_something_to_the_audience()
    {
        var client = await ClientOf(Orders, Stock);
        var tokens = await client.SignIn("openid orders:read");
        tokens.Claims("access_token").GetProperty("scope").GetString().ShouldBe("orders:read");
        tokens.Has("id_token").ShouldBeTrue();
    }

    [Fact]
    public async Task Row_9068_14_A_resource_becomes_the_audience()
    {
        var service = await ServiceOf(Orders, Stock);
        var reply = await service.Token(ForItself, ("resource", Stock), ("scope", "stock:read"));
        AudienceOf(reply).ShouldBe(Stock);
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBe(600);
    }

    [Fact]
    public async Task Row_9068_16_A_scope_of_one_resource_makes_it_the_default()
    {
        var service = await ServiceOf(Orders, Stock);
        var claims = (await service.Token(ForItself, ("scope", "stock:read"))).Claims("access_token");
        claims.GetProperty("aud").GetString().ShouldBe(Stock);
    }

    [Fact]
    public async Task Row_9068_17_Scopes_of_different_resources_are_refused_without_a_resource()
    {
        var service = await ServiceOf(Orders, Stock);
        (await service.Token(ForItself, ("scope", "orders:read stock:read"))).ShouldRefuse("invalid_scope");
        (await service.Token(ForItself)).ShouldRefuse("invalid_scope"); // all scopes of the client
    }

    [Fact]
    public async Task Row_9068_18_Two_resources_have_two_audiences()
    {
        var service = await ServiceOf(Orders, Stock);
        foreach (var resource in new[] { Orders, Stock })
        {
            (await service.Token(ForItself, ("resource", resource)))
                .Claims("access_token")
                .GetProperty("aud")
                .GetString()
                .ShouldBe(resource);
        }
    }

    [Fact]
    public async Task Row_9068_22_Several_resources_only_if_every_scope_belongs_clearly_to_one()
    {
        var service = await ServiceOf(Orders, Stock);
        var both = await service.Token(ForItself, ("resource", Orders), ("resource", Stock), ("scope", "orders:read stock:read"));
        both.Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
        (await service.Token(ForItself, ("resource", Orders), ("resource", Stock), ("scope", "shared"))).ShouldRefuse("invalid_scope");
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("https://orders.example.com/#part")]
    public async Task Row_8707_01_A_resource_that_is_no_absolute_URI_or_has_a_fragment_is_refused(string resource) =>
        (await (await ServiceOf(Orders)).Token(ForItself, ("resource", resource))).ShouldRefuse("invalid_target");

    [Fact]
    public async Task Row_8707_02_An_unknown_resource_and_one_of_other_clients_are_refused()
    {
        var service = await ServiceOf(Orders);
        await service.Provider.AddResource(Stock, "stock:read");
        (await service.Token(ForItself, ("resource", Stock))).ShouldRefuse("invalid_target");
        (await service.Token(ForItself, ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_03_One_resource_is_the_only_audience_although_the_client_may_have_more()
    {
        var service = await ServiceOf(Orders, Stock);
        AudienceOf(await service.Token(ForItself, ("resource", Orders))).ShouldBe(Orders);
    }

    [Fact]
    public async Task Row_8707_04_Each_of_several_resources_is_checked()
    {
        var service = await ServiceOf(Orders, Stock);
        (await service.Token(ForItself, ("resource", Orders), ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_05_A_part_of_what_was_granted_gives_a_narrower_token()
    {
        var (client, code) = await GrantFor($"{Orders} {Stock}");
        var narrow = await ExchangeFor(client, code, Stock);
        AudienceOf(narrow).ShouldBe(Stock);
        narrow.Text("scope").ShouldBe("stock:read");
    }

    [Fact]
    public async Task Row_8707_06_What_was_not_granted_is_refused_also_if_the_client_may_have_it()
    {
        var (client, code) = await GrantFor(Orders);
        (await ExchangeFor(client, code, Stock)).ShouldRefuse("invalid_target");
        (client, code) = await GrantFor($"{Orders} {Stock}");
        (await ExchangeFor(client, code, "https://unknown.example.com/")).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_07_A_refresh_follows_the_same_rule_and_the_refresh_token_keeps_the_whole_grant()
    {
        var (client, code) = await GrantFor($"{Orders} {Stock}");
        var whole = (await client.Exchange(code)).ShouldBeOk();
        whole.Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
        var narrow = await client.Refresh(whole.Text("refresh_token"), ("resource", Orders));
        AudienceOf(narrow).ShouldBe(Orders);
        narrow.Text("scope").ShouldBe("orders:read");
        (await client.Refresh(narrow.Text("refresh_token"), ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
        var again = await client.Refresh(narrow.Text("refresh_token"));
        again.Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
    }

    [Fact]
    public async Task Row_8707_09_A_scope_that_means_nothing_at_the_resource_is_dropped()
    {
        var service = await ServiceOf(Orders, Stock);
        var reply = await service.Token(ForItself, ("resource", Stock), ("scope", "orders:read stock:read"));
        reply.Text("scope").ShouldBe("stock:read");
        reply.Claims("access_token").GetProperty("scope").GetString().ShouldBe("stock:read");
    }

    [Fact]
    public async Task Row_9700_30_An_access_token_is_for_one_audience_with_the_least_scope()
    {
        var service = await ServiceOf(Orders, Stock);
        var reply = await service.Token(ForItself, ("resource", Orders), ("scope", "orders:read"));
        reply.Claims("access_token").GetProperty("aud").GetString().ShouldBe(Orders);
        reply.Text("scope").ShouldBe("orders:read");
        (await service.Provider.UserInfo(reply.Text("access_token"))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    private static string? AudienceOf(Reply reply) => reply.Claims("access_token").GetProperty("aud").GetString();

    /// <summary>A code for both scopes and these resources.</summary>
    private async Task<(ProviderClient Client, string Code)> GrantFor(string resources)
    {
        var client = await ClientOf(Orders, Stock);
        var ann = await client.Provider.App.CreateUser(ProviderCalls.Ann);
        const string scope = "openid offline_access orders:read stock:read";
        return (client, await client.Provider.IssueCode(client, ann, scope, code => code with { Resources = resources }));
    }

    private static Task<Reply> ExchangeFor(ProviderClient client, string code, string resource) =>
        client.Token(
            ("grant_type", GrantType.AuthorizationCode),
            ("code", code),
            ("redirect_uri", ProviderApp.RedirectUri),
            ("code_verifier", ProviderApp.Verifier),
            ("resource", resource)
        );

    private async Task<ProviderClient> ServiceOf(params string[] resources)
    {
        var provider = await WithResources(resources);
        return await provider.AddClient(
            ClientType.Service,
            s => s with { Resources = resources, Scopes = ["orders:read", "stock:read", "shared"] }
        );
    }

    private async Task<ProviderClient> ClientOf(params string[] resources)
    {
        var provider = await WithResources(resources);
        return await provider.AddClient(change: s => s with { Resources = resources, Scopes = [.. s.Scopes, "orders:read", "stock:read"] });
    }

    /// <summary>An application with these resources, which the server knows.</summary>
    private async Task<ProviderApp> WithResources(string[] resources)
    {
        var provider = await ProviderApp.Create(servers);
        foreach (var resource in resources)
        {
            await provider.AddResource(resource, resource == Orders ? "orders:read shared" : "stock:read shared");
        }

        await provider.Change(settings => settings); // the server follows this after the resources
        return provider;
    }
}
