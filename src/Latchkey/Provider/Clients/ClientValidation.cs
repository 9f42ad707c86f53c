using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>The rules that a client's settings must hold, each with a sentence for the person who changes them.</summary>
public static class ClientValidation
{
    public const int MaxNameLength = 100;
    private const int MaxAddresses = 50;
    private const int MaxItems = 100;
    private const int MaxItemLength = 500;

    private static readonly string[] UserScopes = ["openid", "profile", "email", "phone", "address", "offline_access"];

    /// <summary>The scopes that clients of the application can have.</summary>
    public static IReadOnlyList<string> KnownScopes(ApplicationSettings settings, IReadOnlyList<Resource> resources) =>
        [
            .. UserScopes
                .Concat(settings.ClaimMappings.Select(mapping => mapping.Scope))
                .Concat(resources.SelectMany(resource => resource.ScopeNames))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Everything that is wrong with a client. What it had before may name a resource or scope that is gone.</summary>
    /// <param name="before">The settings until now; those of its type's beginning for a new client.</param>
    public static IEnumerable<ClientProblem> FindProblems(
        Client client,
        ClientSettings before,
        ApplicationSettings application,
        IReadOnlyList<Resource> resources
    ) =>
        FindNameProblems(client)
            .Concat(FindAuthenticationProblems(client))
            .Concat(FindGrantProblems(client))
            .Concat(FindAddressProblems(client))
            .Concat(FindScopeProblems(client.Settings, before, application, resources));

    private static IEnumerable<ClientProblem> FindNameProblems(Client client)
    {
        if (DisplayName.ParseApplication(client.Name, MaxNameLength) is null)
        {
            yield return new("name", $"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address.");
        }
    }

    private static IEnumerable<ClientProblem> FindAuthenticationProblems(Client client)
    {
        var (settings, type) = (client.Settings, client.Type);
        var mustBePublic = type is ClientType.Native or ClientType.Browser or ClientType.Device;
        if (mustBePublic && !client.IsPublic)
        {
            yield return new(
                ClientFields.Authentication,
                $"A {type.ToName()} client cannot keep a secret, because everybody can read what it contains. Its authentication is none."
            );
        }
        else if (!mustBePublic && client.IsPublic)
        {
            yield return new(ClientFields.Authentication, $"A {type.ToName()} client proves itself, by a secret or its own keys.");
        }

        var usesKeys = settings.Authentication == ClientAuthenticationMethod.PrivateKey;
        if (usesKeys && (settings.Jwks.Length > 0) == (settings.JwksUri.Length > 0))
        {
            yield return new(ClientFields.Jwks, "privatekey needs the client's public keys: either jwks or jwksUri.");
        }

        if (settings.Jwks.Length > 0 && JwkSetValidation.FindProblem(settings.Jwks) is { } badKeys)
        {
            yield return new(ClientFields.Jwks, badKeys);
        }
    }

    private static IEnumerable<ClientProblem> FindGrantProblems(Client client)
    {
        var grants = client.Settings.GrantTypes;
        if (grants.Count == 0)
        {
            yield return new(ClientFields.GrantTypes, "A client needs a grant type.");
        }

        foreach (var grant in grants)
        {
            if (!GrantType.All.Contains(grant, StringComparer.Ordinal))
            {
                yield return new(
                    ClientFields.GrantTypes,
                    $"There is no grant type {Shorten(grant)}. There are {string.Join(", ", GrantType.All)}."
                );
            }
            else if (!Fits(grant, client))
            {
                yield return new(ClientFields.GrantTypes, $"A {client.Type.ToName()} client cannot have the grant type {grant}.");
            }
        }

        if (client.Settings.ExchangeAudiences.Count > 0 && !client.HasGrant(GrantType.TokenExchange))
        {
            yield return new(ClientFields.ExchangeAudiences, $"exchangeAudiences needs the grant type {GrantType.TokenExchange}.");
        }
    }

    /// <summary>Who acts without a user, or for one who is not there, must prove itself.</summary>
    private static bool Fits(string grant, Client client) =>
        grant switch
        {
            GrantType.AuthorizationCode => client.Type is ClientType.Web or ClientType.Native or ClientType.Browser,
            GrantType.RefreshToken => client.Type is not ClientType.Service,
            GrantType.DeviceCode => client.Type is ClientType.Web or ClientType.Native or ClientType.Device,
            _ => client.Type is ClientType.Web or ClientType.Service && !client.IsPublic,
        };

    private static IEnumerable<ClientProblem> FindAddressProblems(Client client)
    {
        var settings = client.Settings;
        foreach (
            var (field, addresses, find) in new (string, IReadOnlyList<string>, Func<string, string?>)[]
            {
                (ClientFields.RedirectUris, settings.RedirectUris, uri => ClientUris.FindRedirectProblem(uri, client.Type)),
                (
                    ClientFields.PostLogoutUris,
                    settings.PostLogoutUris,
                    uri => ClientUris.FindPostLogoutProblem(uri, client.Type, client.IsPublic)
                ),
                (ClientFields.LogoutUri, One(settings.LogoutUri), uri => ClientUris.FindCalledProblem(uri, !client.IsPublic)),
                (ClientFields.JwksUri, One(settings.JwksUri), uri => ClientUris.FindCalledProblem(uri, allowsHttp: false)),
                (ClientFields.LogoUri, One(settings.LogoUri), uri => ClientUris.FindCalledProblem(uri, allowsHttp: false)),
                (ClientFields.TermsUri, One(settings.TermsUri), uri => ClientUris.FindCalledProblem(uri, allowsHttp: false)),
                (ClientFields.PolicyUri, One(settings.PolicyUri), uri => ClientUris.FindCalledProblem(uri, allowsHttp: false)),
            }
        )
        {
            if (addresses.Count > MaxAddresses)
            {
                yield return new(field, $"{field} can have at most {MaxAddresses} addresses.");
            }
            else if (addresses.Select(find).FirstOrDefault(problem => problem is not null) is { } problem)
            {
                yield return new(field, problem);
            }
        }
    }

    private static IEnumerable<ClientProblem> FindScopeProblems(
        ClientSettings settings,
        ClientSettings before,
        ApplicationSettings application,
        IReadOnlyList<Resource> resources
    )
    {
        var known = resources.Select(resource => resource.Id).ToList();
        var scopes = KnownScopes(application, resources);
        foreach (
            var (field, items, isKnown, kind) in new (string, IEnumerable<string>, Func<string, bool>, string)[]
            {
                (ClientFields.Scopes, settings.Scopes.Except(before.Scopes, StringComparer.Ordinal), scopes.Contains, "scope"),
                (ClientFields.Resources, settings.Resources.Except(before.Resources, StringComparer.Ordinal), known.Contains, "resource"),
                (
                    ClientFields.ExchangeAudiences,
                    settings.ExchangeAudiences.Except(before.ExchangeAudiences, StringComparer.Ordinal),
                    known.Contains,
                    "resource"
                ),
            }
        )
        {
            if (items.FirstOrDefault(item => !isKnown(item)) is { } unknown)
            {
                yield return new(field, $"The application has no {kind} {Shorten(unknown)}.");
            }
        }

        if (new[] { settings.Scopes, settings.Resources, settings.ExchangeAudiences }.Any(list => list.Count > MaxItems))
        {
            yield return new(ClientFields.Scopes, $"A client can have at most {MaxItems} scopes, and as many resources.");
        }
    }

    private static IReadOnlyList<string> One(string address) => address.Length > 0 ? [address] : [];

    private static string Shorten(string text) => text.Length <= MaxItemLength ? text : text[..MaxItemLength];
}
