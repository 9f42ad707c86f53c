using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>All settings of clients, for the API, the command line and the portal.</summary>
public static class ClientFields
{
    public const string Authentication = "authentication";
    public const string RedirectUris = "redirectUris";
    public const string PostLogoutUris = "postLogoutUris";
    public const string GrantTypes = "grantTypes";
    public const string Scopes = "scopes";
    public const string Resources = "resources";
    public const string FirstParty = "firstParty";
    public const string Jwks = "jwks";
    public const string JwksUri = "jwksUri";
    public const string LogoutUri = "logoutUri";
    public const string ExchangeAudiences = "exchangeAudiences";
    public const string LogoUri = "logoUri";
    public const string TermsUri = "termsUri";
    public const string PolicyUri = "policyUri";

    public static IReadOnlyList<ClientField> All { get; } =
    [
        new(
            Authentication,
            "How it proves itself: none for a public client, secret, secretbasic or secretpost for a secret, privatekey for its own keys.",
            ClientFieldKind.Choice,
            s => s.Authentication.ToName(),
            SetAuthentication
        )
        {
            Choices = EnumNames.All<ClientAuthenticationMethod>(),
        },
        ClientField.List(
            RedirectUris,
            "Where users come back to after signing in.",
            s => s.RedirectUris,
            (s, v) => s with { RedirectUris = v }
        ),
        ClientField.List(
            PostLogoutUris,
            "Where users come back to after signing out.",
            s => s.PostLogoutUris,
            (s, v) => s with { PostLogoutUris = v }
        ),
        ClientField.List(
            GrantTypes,
            "How it gets tokens: authorization_code, refresh_token, client_credentials, device_code, token-exchange.",
            s => s.GrantTypes,
            (s, v) => s with { GrantTypes = [.. v.Select(FullGrantType).Distinct(StringComparer.Ordinal)] }
        ) with
        {
            Choices = GrantType.All,
        },
        ClientField.List(Scopes, "The scopes that it can get.", s => s.Scopes, (s, v) => s with { Scopes = v }),
        ClientField.List(
            Resources,
            "The resources that its access tokens can be for.",
            s => s.Resources,
            (s, v) => s with { Resources = v }
        ),
        ClientField.Switch(
            FirstParty,
            "It is your own, so users are not asked whether they allow it something.",
            s => s.FirstParty,
            (s, v) => s with { FirstParty = v }
        ),
        ClientField.Switch(
            "pkceRequired",
            "Whether a client that proves itself must use PKCE too. Public clients always must.",
            s => s.PkceRequired,
            (s, v) => s with { PkceRequired = v }
        ),
        ClientField.Switch(
            "pushedRequestsRequired",
            "Authorization requests must be pushed first (RFC 9126).",
            s => s.PushedRequestsRequired,
            (s, v) => s with { PushedRequestsRequired = v }
        ),
        ClientField.Switch(
            "dpopRequired",
            "Its access tokens must be bound to a key (DPoP, RFC 9449).",
            s => s.DpopRequired,
            (s, v) => s with { DpopRequired = v }
        ),
        ClientField.Switch(
            "dpopNonceRequired",
            "Its DPoP proofs must have a nonce of this server.",
            s => s.DpopNonceRequired,
            (s, v) => s with { DpopNonceRequired = v }
        ),
        ClientField.Switch(
            "opaqueTokens",
            "Its access tokens are texts that only this server can read, and not JWTs.",
            s => s.OpaqueTokens,
            (s, v) => s with { OpaqueTokens = v }
        ),
        ClientField.Switch(
            "claimsInIdToken",
            "Its ID tokens hold the claims of its scopes too, for libraries that do not ask UserInfo, such as Auth.js.",
            s => s.ClaimsInIdToken,
            (s, v) => s with { ClaimsInIdToken = v }
        ),
        ClientField.Text(Jwks, "Its public keys as a JWK Set, for privatekey.", s => s.Jwks, (s, v) => s with { Jwks = v }),
        ClientField.Text(JwksUri, "The address of its public keys, for privatekey.", s => s.JwksUri, (s, v) => s with { JwksUri = v }),
        ClientField.Switch(
            "endpointAudienceAccepted",
            "Its assertions may name the token endpoint as audience, as old clients write them.",
            s => s.EndpointAudienceAccepted,
            (s, v) => s with { EndpointAudienceAccepted = v }
        ),
        ClientField.Text(
            LogoutUri,
            "Its address that is told when a session is over (back-channel logout).",
            s => s.LogoutUri,
            (s, v) => s with { LogoutUri = v }
        ),
        ClientField.List(
            ExchangeAudiences,
            "The resources to which it may exchange users' tokens (RFC 8693).",
            s => s.ExchangeAudiences,
            (s, v) => s with { ExchangeAudiences = v }
        ),
        ClientField.Text(LogoUri, "Its logo, an https address.", s => s.LogoUri, (s, v) => s with { LogoUri = v }),
        ClientField.Text(TermsUri, "Its terms of use, an https address.", s => s.TermsUri, (s, v) => s with { TermsUri = v }),
        ClientField.Text(PolicyUri, "Its privacy policy, an https address.", s => s.PolicyUri, (s, v) => s with { PolicyUri = v }),
    ];

    public static ClientField? Find(string name) => All.FirstOrDefault(field => field.Name == name);

    /// <summary>The settings with all changes; the first text that cannot be read as an error.</summary>
    public static Result<ClientSettings> Apply(ClientSettings settings, IEnumerable<KeyValuePair<string, string>> changes)
    {
        foreach (var (name, text) in changes)
        {
            if (Find(name) is not { } field)
            {
                return ErrorCodes.InvalidData with
                {
                    Message = $"A client has no setting {name}. The settings are: name, {string.Join(", ", All.Select(one => one.Name))}.",
                };
            }

            if (field.Set(settings, text).Failed(out var next, out var error))
            {
                return error;
            }

            settings = next;
        }

        return settings;
    }

    private static Result<ClientSettings> SetAuthentication(ClientSettings settings, string text) =>
        EnumNames.TryParse<ClientAuthenticationMethod>(text.Trim(), out var method)
            ? settings with
            {
                Authentication = method,
            }
            : ErrorCodes.InvalidData with
            {
                Message = $"{Authentication} must be one of {string.Join(", ", EnumNames.All<ClientAuthenticationMethod>())}.",
            };

    /// <summary>The last part of a long name is enough.</summary>
    private static string FullGrantType(string text) =>
        GrantType.All.FirstOrDefault(full => full.EndsWith($":{text}", StringComparison.Ordinal)) ?? text;
}
