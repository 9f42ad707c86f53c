using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Messages.Providers;
using Latchkey.Provider.Clients;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// Looks at a provider as a sign-in would, for the developer who set it up: its discovery document, keys and endpoints, and whether a
/// client secret can be made. It asks only where developers' hosts may be asked, and nobody's account is touched.
/// </summary>
public sealed class ProviderCheck(HttpDelivery http, ProviderSecretCheck secrets)
{
    private const string Discovery = "Discovery document";
    private const string Keys = "Keys";
    private const string Endpoints = "Endpoints";

    /// <summary>What an endpoint answers that takes no GET, or none without a token.</summary>
    private const string StatusPrefix = "status ";

    public async Task<IReadOnlyList<ProviderCheckResult>> Run(IdentityProvider provider, ProviderTemplate template)
    {
        var values = ProviderAddresses.WithDefaults(template, provider.FieldValues);
        var found = template is { Protocol: ProviderProtocol.Oidc, JwksUri.Length: 0 }
            ? await CheckDiscovery(template, values)
            : await CheckEndpoints(template, values);
        return [.. found, secrets.Run(provider, template, values)];
    }

    private async Task<List<ProviderCheckResult>> CheckDiscovery(ProviderTemplate template, IReadOnlyDictionary<string, string> values)
    {
        var issuer = ProviderAddresses.Fill(template.Issuer, values);
        var url = $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";
        var fetched = await http.Get(new Uri(url));
        if (fetched.Problem is { } unreachable)
        {
            return
            [
                ProviderCheckResult.Problem(
                    Discovery,
                    $"It could not be read at {url}: {unreachable}. Compare the address with the provider's own."
                ),
            ];
        }

        using var document = Parse(fetched.Body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } content)
        {
            return
            [
                ProviderCheckResult.Problem(Discovery, $"What is at {url} is no discovery document. Is this the issuer of the provider?"),
            ];
        }

        var named = content.GetStringOrNull("issuer") ?? "";
        if (!ProviderAddresses.FitsDiscovery(template, values, named))
        {
            return
            [
                ProviderCheckResult.Problem(
                    Discovery,
                    $"It is of the issuer {Shown(named)}, and not of {issuer}. Enter the issuer exactly as the document has it."
                ),
            ];
        }

        string[] needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"];
        if (needed.FirstOrDefault(name => !HasScheme(content.GetStringOrNull(name), new Uri(issuer).Scheme)) is { } lacking)
        {
            return [ProviderCheckResult.Problem(Discovery, $"It has no {lacking} with an https address, so nobody can sign in.")];
        }

        var results = new List<ProviderCheckResult> { ProviderCheckResult.Good(Discovery, $"It is there, and is of {Shown(named)}.") };
        if (template.SendsPkce && Texts(content, "code_challenge_methods_supported") is { } methods && !methods.Contains("S256"))
        {
            results.Add(ProviderCheckResult.Good("PKCE", "The provider does not say that it takes PKCE with S256. Most ignore it then."));
        }

        if (
            Texts(content, "scopes_supported") is { } scopes
            && template.Scopes.Except(scopes, StringComparer.Ordinal).ToList() is { Count: > 0 } unknown
        )
        {
            results.Add(
                ProviderCheckResult.Good(
                    "Scopes",
                    $"The document does not list {string.Join(", ", unknown)}. If sign-in fails, set other scopes."
                )
            );
        }

        return [.. results, await CheckKeys(content.GetStringOrNull("jwks_uri") ?? "")];
    }

    private async Task<List<ProviderCheckResult>> CheckEndpoints(ProviderTemplate template, IReadOnlyDictionary<string, string> values)
    {
        var token = ProviderAddresses.Fill(template.TokenEndpoint, values);
        var reached = await http.Get(new Uri(token));
        var endpoint =
            reached.Problem is { } problem && !problem.StartsWith(StatusPrefix, StringComparison.Ordinal)
                ? ProviderCheckResult.Problem(Endpoints, $"{new Uri(token).Host} cannot be reached from this server: {problem}.")
                : ProviderCheckResult.Good(Endpoints, $"{new Uri(token).Host} answers.");
        return template.JwksUri.Length == 0 ? [endpoint] : [endpoint, await CheckKeys(ProviderAddresses.Fill(template.JwksUri, values))];
    }

    private async Task<ProviderCheckResult> CheckKeys(string url)
    {
        var fetched = await http.Get(new Uri(url));
        return fetched.Problem is { } problem ? ProviderCheckResult.Problem(Keys, $"They could not be read at {Shown(url)}: {problem}.")
            : ClientKeys.Parse(fetched.Body) is { Count: > 0 } keys ? ProviderCheckResult.Good(Keys, $"{keys.Count} can be used.")
            : ProviderCheckResult.Problem(Keys, "There is none that can be used. The provider must sign ID tokens with RS256 or ES256.");
    }

    /// <summary>That of the issuer, which is https for all that get past <see cref="ProviderFieldText"/>.</summary>
    private static bool HasScheme(string? address, string scheme) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == scheme;

    private static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string>? Texts(JsonElement content, string name) =>
        content.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Field.FromJson).Where(one => one.Kind == FieldKind.Text).Select(one => one.Text)]
            : null;

    /// <summary>A text of another party, in a sentence of ours.</summary>
    private static string Shown(string text) => text.Length == 0 ? "nobody" : Strings.Truncate(Strings.Printable(text), 200);
}
