namespace Latchkey.Tests.Provider;

/// <summary>The settings of the OpenID provider, and its resources.</summary>
public sealed class ProviderSettingTests(ServerFixture servers)
{
    private const string Api = "https://api.example.com";

    private async Task<App> CreateApp(params string[] settings) => await (await servers.Unlimited()).CreateApp(settings);

    [Fact]
    public async Task The_issuer_can_only_be_at_a_domain_that_the_operator_gave_to_the_application()
    {
        var (app, other) = (await CreateApp(), await CreateApp());
        var (host, theirs) = ($"{app.Id}.example.org", $"{other.Id}.example.org");
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();
        (await app.Installation.Run("app", "domain", "add", other.Id, theirs)).ShouldSucceed();
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain={theirs}")).ShouldFail("not a domain of this application");
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain=https://{host}")).ShouldFail("without https://");
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain={host.ToUpperInvariant()}")).ShouldSucceed();
        (await app.Installation.Run("app", "domain", "remove", app.Id, host)).ShouldFail("issuer is at this domain");
        (await app.Installation.Run("app", "domain", "list", app.Id)).ShouldSucceed().Output.Trim().ShouldBe(host);
        (await app.Installation.Run("app", "set", app.Id, "issuerDomain=")).ShouldSucceed();
        (await app.Installation.Run("app", "domain", "remove", app.Id, host)).ShouldSucceed();
    }

    [Fact]
    public async Task The_issuer_cannot_be_a_resource_of_the_application()
    {
        var app = await CreateApp();
        var host = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();
        (
            await app.SendAsServer(HttpMethod.Post, "resources", new { resource = $"https://{host}/", scopes = new[] { "read" } })
        ).ShouldBeOk();
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain={host}")).ShouldFail("is a resource of this application");
        (await app.SendAsServer(HttpMethod.Post, "resources/remove", new { resource = $"https://{host}/" })).ShouldBeTrue();
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain={host}")).ShouldSucceed();
    }

    [Theory]
    [InlineData("sub=user.id", "sub is a claim that Latchkey sets")]
    [InlineData("ISS=user.id", "claim that Latchkey sets")]
    [InlineData("aud=a", "claim that Latchkey sets")]
    [InlineData("exp=a", "claim that Latchkey sets")]
    [InlineData("email=mail", "claim that Latchkey sets")]
    [InlineData("email_verified=yes", "claim that Latchkey sets")]
    [InlineData("phone_number_verified=yes", "claim that Latchkey sets")]
    [InlineData("acr=a", "claim that Latchkey sets")]
    [InlineData("address=home", "claim that Latchkey sets")]
    [InlineData("address.planet=home", "no member of the claim address")]
    [InlineData("given_name=first,given_name=last", "twice")]
    [InlineData("given_name", "is a list such as")]
    [InlineData("given_name=", "needs the path")]
    [InlineData("given_name=a..b", "needs the path")]
    [InlineData("given_name=a:billing", "its scope is profile")]
    [InlineData("plan=a:openid", "needs a scope of its own")]
    [InlineData("plan=a:offline_access", "needs a scope of its own")]
    [InlineData("pl'an=a", "letters, digits")]
    [InlineData("plan\"=a", "letters, digits")]
    public async Task A_bad_claim_mapping_is_refused_with_a_sentence(string mapping, string because)
    {
        var app = await CreateApp();
        (await app.Installation.Run("app", "set", app.Id, $"claimMappings={mapping}")).ShouldFail(because);
    }

    [Fact]
    public async Task Claim_mappings_are_kept_as_they_are_written()
    {
        var app = await CreateApp("""metaData=[{"path":"name.first","fieldName":"first"},{"path":"plan","fieldName":"plan"}]""");
        const string Mappings = "given_name=name.first,address.country=country,https://example.com/plan=plan,plan=plan:billing";
        (await app.Installation.Run("app", "set", app.Id, $"claimMappings={Mappings}")).ShouldSucceed();
        var shown = (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed();
        shown.Output.ShouldContain(Mappings);
    }

    [Fact]
    public async Task A_scope_gives_claims_or_means_something_at_an_API()
    {
        var app = await CreateApp();
        (await app.Installation.Run("app", "set", app.Id, "claimMappings=plan=plan:billing")).ShouldSucceed();
        (await app.Installation.Run("resource", "add", app.Id, Api, "--scope", "billing")).ShouldFail("gives claims");
        (await app.Installation.Run("resource", "add", app.Id, Api, "--scope", "openid")).ShouldFail("gives claims");
        (await app.Installation.Run("resource", "add", app.Id, Api, "--scope", "orders")).ShouldSucceed();
        (await app.Installation.Run("app", "set", app.Id, "claimMappings=plan=plan:orders")).ShouldFail("has a scope of this name");
    }

    [Theory]
    [InlineData("api", "absolute")]
    [InlineData("/api", "absolute")]
    [InlineData("none", "absolute")]
    [InlineData("https://api.example.com/#part", "fragment")]
    [InlineData("https://api.example.com/a b", "absolute")]
    public async Task A_resource_is_an_absolute_address_without_a_fragment(string id, string because)
    {
        var app = await CreateApp();
        (await app.Installation.Run("resource", "add", app.Id, id)).ShouldFail(because);
    }

    [Fact]
    public async Task A_resource_is_never_an_issuer_or_the_audience_of_user_JWTs()
    {
        var app = await CreateApp("realmAppId=urn:backend");
        var issuer = new ProviderApp(app).Issuer;
        (await app.Installation.Run("resource", "add", app.Id, "urn:backend")).ShouldFail("Realm App Id");
        (await app.Installation.Run("resource", "add", app.Id, Api)).ShouldSucceed();
        (await app.Installation.Run("app", "set", app.Id, $"realmAppId={Api}")).ShouldFail("cannot be a resource");
        var host = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();
        (await app.Installation.Run("app", "set", app.Id, $"issuerDomain={host}")).ShouldSucceed();
        (await app.Installation.Run("resource", "add", app.Id, $"https://{host}/")).ShouldFail("issuer");
        issuer.ShouldContain(app.Id);
    }

    [Fact]
    public async Task Lifetimes_of_tokens_have_bounds()
    {
        var app = await CreateApp();
        (await app.Installation.Run("app", "set", app.Id, "providerTokenMinutes=0")).ShouldFail("1 to 1440");
        (await app.Installation.Run("app", "set", app.Id, "providerTokenMinutes=1440", "offlineOutlivesLogout=1")).ShouldSucceed();
        (await app.Installation.Run("resource", "add", app.Id, Api, "--token-seconds", "86401")).ShouldFail("60 to 86400");
        (await app.Installation.Run("resource", "add", app.Id, Api, "--token-seconds", "86400")).ShouldSucceed();
    }
}
