using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Cryptography;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Tests.Provider.IdentityProviders;

public sealed partial class CatalogueTests
{
    [Fact]
    public void There_are_more_than_25_providers_with_keys_of_their_own()
    {
        ProviderCatalogue.All.Count.ShouldBeGreaterThan(25);
        ProviderCatalogue.All.Select(template => template.Key).ShouldBeUnique();
        ProviderCatalogue.All.ShouldAllBe(template => Key().IsMatch(template.Key));
        ProviderCatalogue.Find("nobody").ShouldBeNull();
    }

    /// <summary>Apple gives four: its secret is made of three of them.</summary>
    [Fact]
    public void A_developer_fills_three_fields_at_most()
    {
        foreach (var template in ProviderCatalogue.All)
        {
            template.Fields.Count(field => !field.IsOptional).ShouldBeLessThanOrEqualTo(template.Key == "apple" ? 4 : 3, template.Key);
            template.Fields.Count(field => field.IsSecret).ShouldBe(1, template.Key);
            template.Fields.ShouldContain(field => field.Name == ProviderField.ClientId, template.Key);
            template.Fields.ShouldAllBe(field => field.IsSecret || field.Example.Length > 0, template.Key);
            template.Fields.ShouldAllBe(field => !field.IsOptional || field.Default.Length > 0, template.Key);
            template.Steps.ShouldContain(step => step.Contains("{callback}", StringComparison.Ordinal), template.Key);
            template.Sources.ShouldNotBeEmpty(template.Key);
        }
    }

    [Fact]
    public void The_addresses_of_a_provider_are_https_and_have_only_its_own_fields()
    {
        foreach (var template in ProviderCatalogue.All)
        {
            var values = ProviderAddresses.WithDefaults(
                template,
                template.Fields.ToDictionary(field => field.Name, field => field.Example, StringComparer.Ordinal)
            );
            string[] addresses =
            [
                template.Issuer,
                template.AuthorizationEndpoint,
                template.TokenEndpoint,
                template.UserInfoEndpoint,
                template.JwksUri,
                template.Emails?.Endpoint ?? "",
            ];
            foreach (var address in addresses.Where(one => one.Length > 0))
            {
                Placeholder()
                    .Matches(address)
                    .ShouldAllBe(match => values.ContainsKey(match.Groups["field"].Value), $"{template.Key}: {address}");
                new Uri(ProviderAddresses.Fill(address, values)).Scheme.ShouldBe("https", template.Key);
            }
        }
    }

    [Fact]
    public void A_provider_has_discovery_or_all_endpoints_that_it_needs()
    {
        foreach (var template in ProviderCatalogue.All)
        {
            var isOidc = template.Protocol == ProviderProtocol.Oidc;
            (template.Issuer.Length > 0).ShouldBe(isOidc, template.Key);
            (template.SendsNonce).ShouldBe(isOidc, template.Key);
            if (isOidc)
            {
                template.Scopes.ShouldContain(scope => scope == "openid" || template.Key == "apple", template.Key);
                (template.JwksUri.Length > 0).ShouldBe(template.TokenEndpoint.Length > 0, template.Key);
            }
            else
            {
                template.AuthorizationEndpoint.ShouldNotBeEmpty(template.Key);
                template.TokenEndpoint.ShouldNotBeEmpty(template.Key);
                template.UserInfoEndpoint.ShouldNotBeEmpty(template.Key);
                template.AsksUserInfo.ShouldBeTrue(template.Key);
            }
        }
    }

    /// <summary>Any administrator of a directory can enter any address there ("nOAuth").</summary>
    [Fact]
    public void Addresses_of_directories_that_others_manage_are_never_trusted()
    {
        foreach (var key in new[] { "microsoft", "slack", "salesforce", "zoom", "oidc" })
        {
            ProviderCatalogue.Find(key).ShouldNotBeNull().EmailTrust.ShouldBe(EmailTrust.Never, key);
        }

        ProviderCatalogue
            .All.Where(template => template.LetsChooseTrust)
            .ShouldAllBe(template => template.Protocol == ProviderProtocol.Oidc);
        ProviderCatalogue.Find("microsoft").ShouldNotBeNull().LetsChooseTrust.ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/{tenantid}/v2.0", true)]
    [InlineData("https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0", true)]
    [InlineData("https://login.microsoftonline.com/common/v2.0", true)]
    [InlineData("https://login.microsoftonline.com/contoso/v2.0", false)]
    [InlineData("https://login.microsoftonline.com.evil.example/{tenantid}/v2.0", false)]
    [InlineData("https://evil.example/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0", false)]
    public void Microsofts_document_has_a_placeholder_or_a_tenant(string issuer, bool fits)
    {
        var microsoft = ProviderCatalogue.Find("microsoft").ShouldNotBeNull();
        var values = ProviderAddresses.WithDefaults(microsoft, new Dictionary<string, string>());
        ProviderAddresses.FitsDiscovery(microsoft, values, issuer).ShouldBe(fits);
    }

    [Theory]
    [InlineData(
        "9122040d-6c67-4c5b-b112-36a304b66dad",
        "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        true
    )]
    [InlineData(
        "9122040d-6c67-4c5b-b112-36a304b66dad",
        "https://login.microsoftonline.com/00000000-6c67-4c5b-b112-36a304b66dad/v2.0",
        false
    )]
    [InlineData("common", "https://login.microsoftonline.com/common/v2.0", false)]
    [InlineData("{tenantid}", "https://login.microsoftonline.com/{tenantid}/v2.0", false)]
    [InlineData(null, "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0", false)]
    public void A_token_for_many_tenants_has_the_issuer_of_its_own_tenant(string? tenant, string issuer, bool fits)
    {
        var microsoft = ProviderCatalogue.Find("microsoft").ShouldNotBeNull();
        var claims = JsonSerializer.SerializeToElement(new { iss = issuer, tid = tenant });
        ProviderAddresses.FitsToken(microsoft, microsoft.IssuerOfTokens, claims).ShouldBe(fits);
    }

    [Fact]
    public void A_token_for_one_tenant_has_the_issuer_of_the_document()
    {
        const string Issuer = "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0";
        var microsoft = ProviderCatalogue.Find("microsoft").ShouldNotBeNull();
        const string Other = "https://login.microsoftonline.com/11111111-6c67-4c5b-b112-36a304b66dad/v2.0";
        ProviderAddresses.FitsToken(microsoft, Issuer, JsonSerializer.SerializeToElement(new { iss = Issuer })).ShouldBeTrue();
        var foreign = JsonSerializer.SerializeToElement(new { iss = Other, tid = "11111111-6c67-4c5b-b112-36a304b66dad" });
        ProviderAddresses.FitsToken(microsoft, Issuer, foreign).ShouldBeFalse();
    }

    [Theory]
    [InlineData("auth0", ProviderField.Domain, "https://Example.EU.auth0.com/", "example.eu.auth0.com")]
    [InlineData("auth0", ProviderField.Domain, "example.eu.auth0.com/path", null)]
    [InlineData("auth0", ProviderField.Domain, "evil.example#.auth0.com", null)]
    [InlineData("auth0", ProviderField.Domain, "user@evil.example", null)]
    [InlineData("auth0", ProviderField.Domain, "localhost", null)]
    [InlineData("microsoft", ProviderField.Tenant, "contoso.onmicrosoft.com", "contoso.onmicrosoft.com")]
    [InlineData("microsoft", ProviderField.Tenant, "../evil", null)]
    [InlineData("microsoft", ProviderField.Tenant, "..", null)]
    [InlineData("oidc", ProviderField.Issuer, "https://login.example.com/.well-known/openid-configuration", "https://login.example.com")]
    [InlineData("oidc", ProviderField.Issuer, "https://login.example.com/", "https://login.example.com/")]
    [InlineData("oidc", ProviderField.Issuer, "http://login.example.com", null)]
    [InlineData("oidc", ProviderField.Issuer, "https://login.example.com?a=b", null)]
    [InlineData("oidc", ProviderField.Issuer, "https://u:p@login.example.com", null)]
    [InlineData("oidc", ProviderField.Issuer, "https://login.example.com/{tenant}", null)]
    [InlineData("google", ProviderField.ClientId, "two words", null)]
    [InlineData("apple", ProviderField.PrivateKey, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", null)]
    public void A_value_is_checked_by_what_it_is_used_for(string key, string name, string entered, string? kept)
    {
        var field = ProviderCatalogue.Find(key).ShouldNotBeNull().Fields.Single(one => one.Name == name);
        ProviderFieldText.Read(field, entered).Value.ShouldBe(kept);
    }

    [Fact]
    public void Apples_secret_is_a_short_lived_token_that_the_key_verifies()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secret = AppleClientSecret
            .Create("TEAM1", "KEY1", "com.example.web", ecdsa.ExportPkcs8PrivateKeyPem(), 1_760_000_000_123)
            .Value;

        using var key = new EcKey(ecdsa.ExportParameters(includePrivateParameters: false), "KEY1");
        var payload = Jwt.Verify(secret.ShouldNotBeNull(), header => header.KeyId == "KEY1" ? key : null).ShouldNotBeNull();
        using var claims = JsonDocument.Parse(payload);
        claims
            .RootElement.GetRawText()
            .ShouldBe("""{"iss":"TEAM1","iat":1760000000,"exp":1760000300,"aud":"https://appleid.apple.com","sub":"com.example.web"}""");
    }

    [Fact]
    public void A_key_on_another_curve_or_without_its_private_part_is_refused()
    {
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AppleClientSecret.IsKey(large.ExportPkcs8PrivateKeyPem()).ShouldBeFalse();
        AppleClientSecret.IsKey(p256.ExportSubjectPublicKeyInfoPem()).ShouldBeFalse();
        AppleClientSecret.IsKey(p256.ExportPkcs8PrivateKeyPem()).ShouldBeTrue();
    }

    [GeneratedRegex("^[a-z0-9]{1,20}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"\{(?<field>[a-zA-Z]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
