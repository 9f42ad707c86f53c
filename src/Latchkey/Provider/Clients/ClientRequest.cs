using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>
/// What servers send to create or change a client: a member for each of <see cref="ClientFields"/>. What is absent stays.
/// </summary>
/// <param name="Type">web, native, browser, service or device; of a new client only.</param>
public sealed record ClientRequest(
    string? Type,
    string? Name,
    string? Authentication,
    IReadOnlyList<string>? RedirectUris,
    IReadOnlyList<string>? PostLogoutUris,
    IReadOnlyList<string>? GrantTypes,
    IReadOnlyList<string>? Scopes,
    IReadOnlyList<string>? Resources,
    bool? FirstParty,
    bool? PkceRequired,
    bool? PushedRequestsRequired,
    bool? DpopRequired,
    bool? DpopNonceRequired,
    bool? OpaqueTokens,
    bool? ClaimsInIdToken,
    string? Jwks,
    string? JwksUri,
    bool? EndpointAudienceAccepted,
    string? LogoutUri,
    IReadOnlyList<string>? ExchangeAudiences,
    string? LogoUri,
    string? TermsUri,
    string? PolicyUri
) : IRequest<ClientRequest>
{
    public static ClientRequest Read(FieldReader fields) =>
        new(
            fields.Optional("type"),
            fields.Optional("name"),
            fields.OptionalText("authentication"),
            fields.OptionalList("redirectUris"),
            fields.OptionalList("postLogoutUris"),
            fields.OptionalList("grantTypes"),
            fields.OptionalList("scopes"),
            fields.OptionalList("resources"),
            fields.OptionalFlag("firstParty"),
            fields.OptionalFlag("pkceRequired"),
            fields.OptionalFlag("pushedRequestsRequired"),
            fields.OptionalFlag("dpopRequired"),
            fields.OptionalFlag("dpopNonceRequired"),
            fields.OptionalFlag("opaqueTokens"),
            fields.OptionalFlag("claimsInIdToken"),
            fields.OptionalObject("jwks"),
            fields.OptionalText("jwksUri"),
            fields.OptionalFlag("endpointAudienceAccepted"),
            fields.OptionalText("logoutUri"),
            fields.OptionalList("exchangeAudiences"),
            fields.OptionalText("logoUri"),
            fields.OptionalText("termsUri"),
            fields.OptionalText("policyUri")
        );

    /// <summary>The settings that were sent, as texts by their names.</summary>
    internal Dictionary<string, string> ToChanges() =>
        new (string Name, string? Text)[]
        {
            ("authentication", Authentication),
            ("redirectUris", FromList(RedirectUris)),
            ("postLogoutUris", FromList(PostLogoutUris)),
            ("grantTypes", FromList(GrantTypes)),
            ("scopes", FromList(Scopes)),
            ("resources", FromList(Resources)),
            ("firstParty", FromSwitch(FirstParty)),
            ("pkceRequired", FromSwitch(PkceRequired)),
            ("pushedRequestsRequired", FromSwitch(PushedRequestsRequired)),
            ("dpopRequired", FromSwitch(DpopRequired)),
            ("dpopNonceRequired", FromSwitch(DpopNonceRequired)),
            ("opaqueTokens", FromSwitch(OpaqueTokens)),
            ("claimsInIdToken", FromSwitch(ClaimsInIdToken)),
            ("jwks", Jwks),
            ("jwksUri", JwksUri),
            ("endpointAudienceAccepted", FromSwitch(EndpointAudienceAccepted)),
            ("logoutUri", LogoutUri),
            ("exchangeAudiences", FromList(ExchangeAudiences)),
            ("logoUri", LogoUri),
            ("termsUri", TermsUri),
            ("policyUri", PolicyUri),
        }
            .Where(change => change.Text is not null)
            .ToDictionary(change => change.Name, change => change.Text ?? "", StringComparer.Ordinal);

    private static string? FromSwitch(bool? value) => value is { } isOn ? (isOn ? "1" : "0") : null;

    /// <summary>An item with a blank inside would become two, so it stays one that is refused.</summary>
    private static string? FromList(IReadOnlyList<string>? items) =>
        items is null ? null : string.Join(' ', items.Select(item => item.Replace(' ', '\u00A0')));
}
