using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Cryptography;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The addresses of a provider, with the values that the developer entered.</summary>
public static partial class ProviderAddresses
{
    private const string TenantPlaceholder = "{tenantid}";

    /// <summary>The address with each <c>{field}</c> replaced; the values are checked when they are entered.</summary>
    public static string Fill(string address, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(address, match => values.GetValueOrDefault(match.Groups["field"].Value, ""));

    /// <summary>What was entered, with the defaults of optional fields that were not.</summary>
    public static IReadOnlyDictionary<string, string> WithDefaults(
        ProviderTemplate template,
        IReadOnlyDictionary<string, string> entered
    ) =>
        template
            .Fields.Where(one => !one.IsSecret)
            .ToDictionary(
                one => one.Name,
                one => entered.GetValueOrDefault(one.Name, "") is { Length: > 0 } value ? value : one.Default,
                StringComparer.Ordinal
            );

    /// <summary>Whether the issuer in a discovery document is that of the provider (OpenID Connect Discovery §4.3).</summary>
    public static bool FitsDiscovery(ProviderTemplate template, IReadOnlyDictionary<string, string> values, string documentIssuer) =>
        documentIssuer == Fill(template.Issuer, values)
        || (template.IssuerOfTokens.Length > 0 && (documentIssuer == template.IssuerOfTokens || IsOfSomeTenant(template, documentIssuer)));

    /// <summary>
    /// Whether the issuer of an ID token is the one of the discovery document (OpenID Connect Core §3.1.3.7). Where the document is for
    /// many tenants, it must be that of the token's own tenant (claim <c>tid</c>).
    /// </summary>
    public static bool FitsToken(ProviderTemplate template, string documentIssuer, JsonElement claims)
    {
        var issuer = claims.GetStringOrNull("iss");
        if (template.IssuerOfTokens.Length == 0 || documentIssuer != template.IssuerOfTokens)
        {
            return issuer is not null && (issuer == documentIssuer || template.OtherIssuers.Contains(issuer, StringComparer.Ordinal));
        }

        return claims.GetStringOrNull("tid") is { } tenant
            && Guid.TryParseExact(tenant, "D", out _)
            && issuer == template.IssuerOfTokens.Replace(TenantPlaceholder, tenant, StringComparison.Ordinal);
    }

    /// <summary>A tenant that was entered by its domain has its id in the document.</summary>
    private static bool IsOfSomeTenant(ProviderTemplate template, string issuer)
    {
        var parts = template.IssuerOfTokens.Split(TenantPlaceholder);
        return parts is [var before, var after]
            && issuer.StartsWith(before, StringComparison.Ordinal)
            && issuer.EndsWith(after, StringComparison.Ordinal)
            && issuer.Length > before.Length + after.Length
            && Guid.TryParseExact(issuer[before.Length..^after.Length], "D", out _);
    }

    [GeneratedRegex(@"\{(?<field>[a-zA-Z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
