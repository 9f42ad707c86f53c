using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Providers;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// Where providers are asked: as the catalogue says, or their discovery document (OpenID Connect Discovery §4). Documents stay in memory
/// for as long as they say, and one that cannot be read is asked for again at most once a minute. Known ones stay in use meanwhile.
/// </summary>
public sealed class ProviderDiscovery(HttpDelivery http, TimeProvider clock)
{
    private const string WellKnown = "/.well-known/openid-configuration";
    private const string Https = "https://";

    /// <summary>In memory, of all applications.</summary>
    private const int MaxDocuments = 5_000;

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCacheDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxCacheDuration = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string ProviderId, string Url), Lazy<Task<Document>>> documents = new();

    /// <summary>852 with the cause when the discovery document cannot be read, is another issuer's, or lacks what is needed.</summary>
    public async Task<Result<ProviderEndpoints>> Find(IdentityProvider provider, ProviderTemplate template)
    {
        var values = ProviderAddresses.WithDefaults(template, provider.FieldValues);
        var fixedOnes = new ProviderEndpoints(
            "",
            ProviderAddresses.Fill(template.AuthorizationEndpoint, values),
            ProviderAddresses.Fill(template.TokenEndpoint, values),
            ProviderAddresses.Fill(template.UserInfoEndpoint, values),
            ProviderAddresses.Fill(template.JwksUri, values)
        );
        var issuer = ProviderAddresses.Fill(template.Issuer, values);
        if (issuer.Length == 0 || template.Protocol == ProviderProtocol.OAuth2)
        {
            return fixedOnes;
        }

        if (template.JwksUri.Length > 0)
        {
            return fixedOnes with { Issuer = issuer };
        }

        var document = await Get(provider.Id, issuer.TrimEnd('/') + WellKnown);
        return document.Content is not { } content
            ? ProviderProblem.Failed($"the discovery document: {document.Problem}")
            : Read(template, provider, content, fixedOnes, issuer);
    }

    private static Result<ProviderEndpoints> Read(
        ProviderTemplate template,
        IdentityProvider provider,
        JsonElement content,
        ProviderEndpoints fixedOnes,
        string issuer
    )
    {
        if (
            content.GetStringOrNull("issuer") is not { } named
            || !ProviderAddresses.FitsDiscovery(template, ProviderAddresses.WithDefaults(template, provider.FieldValues), named)
        )
        {
            return ProviderProblem.Failed("the discovery document is of another issuer");
        }

        var found = new ProviderEndpoints(
            named,
            Choose(fixedOnes.Authorization, "authorization_endpoint"),
            Choose(fixedOnes.Token, "token_endpoint"),
            Choose(fixedOnes.UserInfo, "userinfo_endpoint"),
            Choose("", "jwks_uri")
        )
        {
            SecretMethods = Texts(content, "token_endpoint_auth_methods_supported"),
            NamesIssuer =
                content.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                && names.ValueKind == JsonValueKind.True,
        };
        string[] needed = [found.Authorization, found.Token, found.Jwks];
        return needed.All(address => IsUsable(address, issuer)) && (found.UserInfo.Length == 0 || IsUsable(found.UserInfo, issuer))
            ? found
            : ProviderProblem.Failed("the discovery document lacks an endpoint, or one has no https address");

        string Choose(string known, string name) => known.Length > 0 ? known : content.GetStringOrNull(name) ?? "";
    }

    /// <summary>https, unless the issuer itself has none: no such one gets past <see cref="ProviderFieldText"/>.</summary>
    private static bool IsUsable(string address, string issuer) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && (
            address.StartsWith(Https, StringComparison.Ordinal)
            || (uri.Scheme == Uri.UriSchemeHttp && !issuer.StartsWith(Https, StringComparison.Ordinal))
        );

    private static List<string>? Texts(JsonElement content, string name) =>
        content.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(ProviderClaims.TextOf).OfType<string>()]
            : null;

    private async Task<Document> Get(string providerId, string url)
    {
        var key = (providerId, url);
        while (true)
        {
            var known = documents.GetValueOrDefault(key);
            var before = known is { Value.IsCompletedSuccessfully: true } ? await known.Value : null;
            if (known is not null && (before is null || before.FreshUntil > clock.Now()))
            {
                return await known.Value;
            }

            var fetch = new Lazy<Task<Document>>(() => Fetch(url, before));
            if (known is null ? documents.TryAdd(key, fetch) : documents.TryUpdate(key, fetch, known))
            {
                MakeRoom(key);
                return await fetch.Value;
            }
        }
    }

    private async Task<Document> Fetch(string url, Document? before)
    {
        var fetched = await http.Get(new Uri(url));
        var now = clock.Now();
        if (fetched.Problem is null && StrictJson.ParseObject(fetched.Body) is { } content)
        {
            var age = fetched.MaxAge ?? MinCacheDuration;
            age =
                age < MinCacheDuration ? MinCacheDuration
                : age > MaxCacheDuration ? MaxCacheDuration
                : age;
            return new Document(content, null, now + (long)age.TotalMilliseconds);
        }

        return new Document(before?.Content, fetched.Problem ?? "no JSON object", now + (long)MinRefreshInterval.TotalMilliseconds);
    }

    /// <summary>Those of removed providers stay until room is needed.</summary>
    private void MakeRoom((string ProviderId, string Url) newest)
    {
        if (documents.Count > MaxDocuments && documents.Keys.FirstOrDefault(key => key != newest) is { ProviderId: not null } other)
        {
            documents.TryRemove(other, out _);
        }
    }

    /// <param name="Content">Null while none could be read.</param>
    /// <param name="Problem">Why the last try failed.</param>
    /// <param name="FreshUntil">In unix milliseconds.</param>
    private sealed record Document(JsonElement? Content, string? Problem, long FreshUntil);
}
