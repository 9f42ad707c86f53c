using Latchkey.Applications.IdentityProviders;
using Latchkey.Cryptography;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>The test of a provider says in plain words what is wrong.</summary>
public sealed class ProviderCheckTests(ServerFixture servers) : IAsyncLifetime
{
    private const string Keys = """{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":"X","y":"Y"}]}""";

    private WebApplication web = null!;
    private string document = "";
    private string keys = "";

    private string Address => web.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        web = builder.Build();
        web.MapGet("/.well-known/openid-configuration", () => document.Length > 0 ? Results.Text(document) : Results.NotFound());
        web.MapGet("/keys", () => Results.Text(keys));
        await web.StartAsync();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        keys = Keys.Replace("X", System.Buffers.Text.Base64Url.EncodeToString(point.X), StringComparison.Ordinal)
            .Replace("\"Y\"", $"\"{System.Buffers.Text.Base64Url.EncodeToString(point.Y)}\"", StringComparison.Ordinal);
        document = Document(Address, $"{Address}/token");
    }

    public async ValueTask DisposeAsync() => await web.DisposeAsync();

    [Fact]
    public async Task A_provider_that_is_right_has_no_problem()
    {
        var results = await Run("a-secret");
        results.ShouldAllBe(result => !result.IsProblem);
        results.Select(result => result.Name).ShouldBe(["Discovery document", "Keys", "Secret"]);
        results[1].Result.ShouldBe("1 can be used.");
    }

    [Fact]
    public async Task Another_issuer_is_named()
    {
        document = Document("https://other.example", $"{Address}/token");
        (await Run("a-secret"))[0]
            .ShouldSatisfyAllConditions(
                result => result.IsProblem.ShouldBeTrue(),
                result => result.Result.ShouldContain("issuer https://other.example, and not of http://127.0.0.1")
            );
    }

    [Fact]
    public async Task A_document_that_is_none_or_lacks_an_endpoint_is_told()
    {
        document = "<html>";
        (await Run("a-secret"))[0].Result.ShouldContain("no discovery document");
        document = Document(Address, "");
        (await Run("a-secret"))[0].Result.ShouldContain("no token_endpoint");
        document = "";
        (await Run("a-secret"))[0].Result.ShouldContain("could not be read");
    }

    [Fact]
    public async Task Keys_that_cannot_be_used_are_told()
    {
        keys = """{"keys":[{"kty":"oct","k":"AAAA"}]}""";
        (await Run("a-secret"))[1].Result.ShouldContain("There is none that can be used");
    }

    [Fact]
    public async Task A_secret_that_is_missing_or_cannot_be_opened_is_told()
    {
        (await Run(null))[^1].Result.ShouldContain("None is stored");
        var check = await (await servers.Unlimited()).Installation.Get<ProviderCheck>();
        var broken = Provider() with { SecretSealed = "v1.nonsense" };
        (await check.Run(broken, Template("oidc")))[^1].Result.ShouldContain("Enter it again");
    }

    private async Task<IReadOnlyList<ProviderCheckResult>> Run(string? secret)
    {
        var installation = (await servers.Unlimited()).Installation;
        var (check, ring) = (await installation.Get<ProviderCheck>(), await installation.Get<KeyRing>());
        var provider = Provider();
        var stored = secret is null ? "" : ring.Encrypt(IdentityProvider.SecretPurpose(provider.Id), secret);
        return await check.Run(provider with { SecretSealed = stored }, Template("oidc"));
    }

    private IdentityProvider Provider() =>
        new()
        {
            Id = "provider",
            Template = "oidc",
            Fields = $"issuer={Address}",
        };

    private static ProviderTemplate Template(string key) => ProviderCatalogue.Find(key).ShouldNotBeNull();

    private string Document(string issuer, string token) =>
        $$"""
            {"issuer":"{{issuer}}","authorization_endpoint":"{{Address}}/authorize","token_endpoint":"{{token}}",
             "jwks_uri":"{{Address}}/keys","code_challenge_methods_supported":["S256"]}
            """;
}
