using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>Authorization requests to providers (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).</summary>
public static class AuthorizationAddress
{
    private const int MaxHintLength = 256;
    private const string OpenIdScope = "openid";
    private const string Login = "login";
    private const string SelectAccount = "select_account";

    /// <summary>Where a browser is sent. The query of the endpoint is kept.</summary>
    public static string Create(
        string endpoint,
        IdentityProvider provider,
        ProviderTemplate template,
        BegunSignIn begun,
        string state,
        ProviderHints hints
    ) => Address(endpoint, Parameters(provider, template, begun, state, hints));

    private static IEnumerable<KeyValuePair<string, string>> Parameters(
        IdentityProvider provider,
        ProviderTemplate template,
        BegunSignIn begun,
        string state,
        ProviderHints hints
    )
    {
        var isOidc = template.Protocol == ProviderProtocol.Oidc;
        string?[] all =
        [
            "response_type",
            "code",
            template.ClientIdParameter,
            provider.ClientId,
            "redirect_uri",
            begun.Callback,
            "scope",
            string.Join(template.ScopeSeparator, ScopesOf(provider, template)),
            "state",
            state,
            "nonce",
            begun.Nonce,
            "code_challenge",
            begun.Verifier is { } verifier ? ChallengeOf(verifier) : null,
            "code_challenge_method",
            begun.Verifier is null ? null : "S256",
            "response_mode",
            template.ResponseMode,
            "login_hint",
            isOidc && hints.LoginHint is { Length: <= MaxHintLength } hint ? hint : null,
            "prompt",
            isOidc ? PromptOf(template, hints.Prompt) : null,
            "max_age",
            isOidc ? hints.MaxAge?.ToString(CultureInfo.InvariantCulture) : null,
            "ui_locales",
            isOidc ? hints.UiLocales : null,
        ];
        return all.Chunk(2)
            .Where(pair => pair[1] is { Length: > 0 } && !template.AuthorizeParameters.ContainsKey(pair[0] ?? ""))
            .Select(pair => KeyValuePair.Create(pair[0] ?? "", pair[1] ?? ""))
            .Concat(template.AuthorizeParameters);
    }

    /// <summary>A provider that lacks a way to ask refuses the whole request. Choosing an account is the next best to signing in.</summary>
    private static string? PromptOf(ProviderTemplate template, string? prompt) =>
        prompt is null || template.Prompts.Contains(prompt, StringComparer.Ordinal) ? prompt
        : template.Prompts.Contains(SelectAccount, StringComparer.Ordinal) && prompt == Login ? SelectAccount
        : null;

    private static IEnumerable<string> ScopesOf(IdentityProvider provider, ProviderTemplate template) =>
        provider.Scopes.Length == 0 ? template.Scopes
        : template.Protocol == ProviderProtocol.Oidc ? provider.Scopes.Split(' ').Prepend(OpenIdScope).Distinct(StringComparer.Ordinal)
        : provider.Scopes.Split(' ');

    private static string Address(string endpoint, IEnumerable<KeyValuePair<string, string>> parameters) =>
        endpoint
        + (endpoint.Contains('?', StringComparison.Ordinal) ? "&" : "?")
        + string.Join('&', parameters.Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}"));

    private static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
