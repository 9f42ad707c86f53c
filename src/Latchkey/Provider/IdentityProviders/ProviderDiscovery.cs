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
    private const int MaxAddressLength = 2_000;
    private const int MaxSecretMethods = 20;

    /// <summary>In memory, of all applications. Each provider has one.</summary>
    private const int MaxDocuments = 5_000;

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCacheDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxCacheDuration = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Lazy<Task<Document>>> documents = new(StringComparer.Ordinal);

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

        return await Get(provider.Id, issuer.TrimEnd('/') + WellKnown, content => Read(template, provider, content, fixedOnes, issuer));
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
        address.Length <= MaxAddressLength
        && address.All(c => c is > ' ' and <= '~')
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && (
            address.StartsWith(Https, StringComparison.Ordinal)
            || (uri.Scheme == Uri.UriSchemeHttp && !issuer.StartsWith(Https, StringComparison.Ordinal))
        );

    private static List<string>? Texts(JsonElement content, string name) =>
        content.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Take(MaxSecretMethods).Select(ProviderClaims.TextOf).OfType<string>()]
            : null;

    private async Task<Result<ProviderEndpoints>> Get(string providerId, string url, Func<JsonElement, Result<ProviderEndpoints>> read)
    {
        while (true)
        {
            var known = documents.GetValueOrDefault(providerId);
            var before = known is { Value.IsCompletedSuccessfully: true } ? await known.Value : null;
            var isBeingFetched = known is { Value.IsCompleted: false };
            if (known is not null && (isBeingFetched || (before?.Url == url && before.FreshUntil > clock.Now())))
            {
                var document = await known.Value;
                if (document.Url == url)
                {
                    return document.Answer;
                }

                continue; // the provider's address was changed meanwhile
            }

            var fetch = new Lazy<Task<Document>>(() => Fetch(url, before?.Url == url ? before : null, read));
            if (known is null ? documents.TryAdd(providerId, fetch) : documents.TryUpdate(providerId, fetch, known))
            {
                MakeRoom(providerId);
                return (await fetch.Value).Answer;
            }
        }
    }

    private async Task<Document> Fetch(string url, Document? before, Func<JsonElement, Result<ProviderEndpoints>> read)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return Refused(url, before, ProviderProblem.Failed("the issuer is no address"));
        }

        var fetched = await http.Get(address);
        if (fetched.Problem is not null || StrictJson.ParseObject(fetched.Body) is not { } content)
        {
            return Refused(url, before, ProviderProblem.Failed($"the discovery document: {fetched.Problem ?? "no JSON object"}"));
        }

        if (read(content).Failed(out var endpoints, out var wrong))
        {
            return Refused(url, null, wrong);
        }

        var age = fetched.MaxAge ?? MinCacheDuration;
        age =
            age < MinCacheDuration ? MinCacheDuration
            : age > MaxCacheDuration ? MaxCacheDuration
            : age;
        return new Document(url, endpoints, clock.Now() + (long)age.TotalMilliseconds);
    }

    /// <summary>What was read before stays in use while the document cannot be had; not when it says something else.</summary>
    private Document Refused(string url, Document? before, Error problem) =>
        new(url, before is { Answer.Succeeded: true } ? before.Answer : problem, clock.Now() + (long)MinRefreshInterval.TotalMilliseconds);

    /// <summary>Those of removed providers stay until room is needed.</summary>
    private void MakeRoom(string newest)
    {
        if (documents.Count > MaxDocuments && documents.Keys.FirstOrDefault(key => key != newest) is { } other)
        {
            documents.TryRemove(other, out _);
        }
    }

    /// <param name="Url">Where it was asked for.</param>
    /// <param name="Answer">What it says; the error while it could not be read.</param>
    /// <param name="FreshUntil">In unix milliseconds.</param>
    private sealed record Document(string Url, Result<ProviderEndpoints> Answer, long FreshUntil);
}
