using Latchkey.Portal.Applications;
using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients;

/// <summary>How the portal words clients.</summary>
public static class ClientTexts
{
    public static IReadOnlyList<Choice> Types { get; } =
    [
        new("web", "Website with a server", "Its server keeps a secret. For Next.js, Rails, Django, ASP.NET Core and the like."),
        new(
            "browser",
            "Single-page app",
            "Runs in the browser only, such as React or Vue without a server. It has no secret and uses PKCE."
        ),
        new("native", "App on a phone or desktop", "Opens the browser to sign in and comes back. It has no secret and uses PKCE."),
        new("service", "Server without users", "Calls an API for itself, for example at night. It has a secret and no redirect addresses."),
        new(
            "device",
            "Device without a browser",
            "A television or a command line: shows a code, which the user types on a phone.",
            "strangers can trick users into typing a code of theirs. Use another type where a browser is at hand."
        ),
    ];

    public static string TypeOf(ClientType type) => Types.First(choice => choice.Value == Core.EnumNames.ToName(type)).Label;

    /// <summary>The settings that mean something for a type.</summary>
    public static IReadOnlyList<ClientFieldGroup> Groups(ClientType type) =>
        [
            .. new[] { Addresses, Access, Proof, Pages }
                .Select(group => group with { Lines = [.. group.Lines.Where(line => IsShown(line.Name, type))] })
                .Where(group => group.Lines.Count > 0),
        ];

    private static ClientFieldGroup Addresses { get; } =
        new(
            "addresses",
            "Addresses",
            "Users are sent to these addresses and to no others. They are compared letter by letter.",
            [
                new(
                    ClientFields.RedirectUris,
                    "After signing in",
                    "One on each line, such as https://app.example.com/callback. On this computer: http://127.0.0.1/callback, with any "
                        + "port."
                ),
                new(ClientFields.PostLogoutUris, "After signing out", "One on each line. Without one, users stay on this server's page."),
                new(
                    ClientFields.LogoutUri,
                    "Back-channel logout",
                    "This server calls it when a session is over, so that yours can end too. Optional."
                ),
            ]
        );

    private static ClientFieldGroup Access { get; } =
        new(
            "access",
            "Access",
            "What the client can ask for.",
            [
                new(
                    ClientFields.Scopes,
                    "Scopes",
                    "One on each line: openid, profile, email, phone, address, offline_access for refresh tokens, and those of your "
                        + "resources."
                ),
                new(ClientFields.Resources, "Resources", "The APIs that its access tokens can be for, one on each line."),
                new(
                    ClientFields.FirstParty,
                    "Your own client",
                    "Users are not asked whether they allow it something. For clients of your own only."
                ),
                new(ClientFields.GrantTypes, "Grant types", "How it gets tokens, one on each line."),
                new(
                    ClientFields.ExchangeAudiences,
                    "Token exchange",
                    "The resources to which it may exchange users' tokens, one on each line. Needs the grant type token-exchange."
                ),
            ]
        );

    private static ClientFieldGroup Proof { get; } =
        new(
            "security",
            "Security",
            "How the client proves itself, and how its requests and tokens are protected.",
            [
                new(
                    ClientFields.Authentication,
                    "Proof",
                    "How it proves itself when it asks for tokens.",
                    [
                        new("secret", "Secret", "In the header Authorization or in the form, as the library likes it."),
                        new("secretbasic", "Secret in the header", "Only in the header Authorization (client_secret_basic)."),
                        new("secretpost", "Secret in the form", "Only in the form (client_secret_post)."),
                        new(
                            "privatekey",
                            "Its own key",
                            "It signs an assertion (private_key_jwt). Enter its public keys below. Its secrets end."
                        ),
                    ]
                ),
                new(ClientFields.Jwks, "Public keys", "A JWK Set, for a client with its own key. RSA of 2048 bits or more, or P-256."),
                new(ClientFields.JwksUri, "Address of public keys", "In the place of the keys above."),
                new(
                    "endpointAudienceAccepted",
                    "Old assertions",
                    "Accepts assertions that name the token endpoint as audience, and not only the issuer. For old libraries."
                ),
                new(
                    "pkceRequired",
                    "Demand PKCE",
                    "Protects codes on their way through the browser.",
                    Warning: "switch it off only for a library that cannot do PKCE."
                ),
                new("pushedRequestsRequired", "Demand pushed requests", "Sign-ins must begin with a call of your server (PAR)."),
                new("dpopRequired", "Demand DPoP", "Access tokens work only with a key of the client."),
                new("dpopNonceRequired", "Demand nonces in DPoP", "Each proof must have a fresh value of this server."),
                new("opaqueTokens", "Opaque access tokens", "Only this server can read them, so APIs ask it (introspection)."),
                new(
                    "claimsInIdToken",
                    "Claims in ID tokens",
                    "For libraries that read name and address there and do not ask UserInfo, such as Auth.js."
                ),
            ]
        );

    private static ClientFieldGroup Pages { get; } =
        new(
            "pages",
            "On the pages",
            "What users see when they are asked.",
            [
                new(ClientFields.LogoUri, "Logo", "An https address of a picture. Optional."),
                new(ClientFields.TermsUri, "Terms of use", "An https address. Optional."),
                new(ClientFields.PolicyUri, "Privacy policy", "An https address. Optional."),
            ]
        );

    private static bool IsShown(string field, ClientType type) =>
        field switch
        {
            ClientFields.RedirectUris or ClientFields.PostLogoutUris or "pushedRequestsRequired" => type
                is ClientType.Web
                    or ClientType.Native
                    or ClientType.Browser,
            ClientFields.LogoutUri or ClientFields.FirstParty or ClientFields.LogoUri => type is not ClientType.Service,
            ClientFields.TermsUri or ClientFields.PolicyUri => type is not ClientType.Service,
            "pkceRequired" => type is ClientType.Web,
            "claimsInIdToken" => type is not ClientType.Service,
            ClientFields.Authentication or ClientFields.Jwks or ClientFields.JwksUri => type is ClientType.Web or ClientType.Service,
            ClientFields.ExchangeAudiences or "endpointAudienceAccepted" => type is ClientType.Web or ClientType.Service,
            _ => true,
        };
}
