namespace Latchkey.Portal.Clients;

/// <summary>Code for websites, services and APIs.</summary>
internal static class WebSnippets
{
    public static string OpenIdClient(SnippetValues v) =>
        $$"""
            // npm install openid-client
            import * as client from "openid-client";

            const config = await client.discovery(new URL({{v.Issuer}}), {{v.Id}}, process.env.CLIENT_SECRET);

            // When the user wants to sign in: keep verifier and state in the session
            export async function begin() {
              const verifier = client.randomPKCECodeVerifier();
              const state = client.randomState();
              const url = client.buildAuthorizationUrl(config, {
                redirect_uri: {{v.RedirectUri}},
                scope: {{v.Scope}},
                code_challenge: await client.calculatePKCECodeChallenge(verifier),
                code_challenge_method: "S256",
                state,
              });
              return { url, verifier, state };
            }

            // At the redirect address
            export async function complete(currentUrl, verifier, state) {
              const tokens = await client.authorizationCodeGrant(config, currentUrl, {
                pkceCodeVerifier: verifier,
                expectedState: state,
              });
              return tokens.claims(); // sub is the user's id for life
            }
            """;

    public static string ClientCredentials(SnippetValues v) =>
        $$"""
            // npm install openid-client
            import * as client from "openid-client";

            const config = await client.discovery(new URL({{v.Issuer}}), {{v.Id}}, process.env.CLIENT_SECRET);
            const tokens = await client.clientCredentialsGrant(config, { resource: {{v.Resource}} });
            """;

    public static string AuthJs(SnippetValues v) =>
        $$"""
            // npm install @auth/core, or next-auth for Next.js
            export const latchkey = {
              id: "latchkey",
              name: "Latchkey",
              type: "oidc",
              issuer: {{v.Issuer}},
              clientId: {{v.Id}},
              clientSecret: process.env.CLIENT_SECRET,
              authorization: { params: { scope: {{v.Scope}} } },
              checks: ["pkce", "state"],
            };
            // Auth.js reads name and address in the ID token: switch "Claims in ID tokens" on at this client, under Security
            // The redirect address is https://YOUR-SITE/auth/callback/latchkey (Next.js: /api/auth/callback/latchkey)
            """;

    public static string OidcClientTs(SnippetValues v) =>
        $$"""
            // npm install oidc-client-ts
            import { UserManager } from "oidc-client-ts";

            const users = new UserManager({
              authority: {{v.Issuer}},
              client_id: {{v.Id}},
              redirect_uri: {{v.RedirectUri}},{{v.PostLogoutLine("\n  post_logout_redirect_uri: %,")}}
              scope: {{v.Scope}},
            });

            export const signIn = () => users.signinRedirect();
            export const complete = () => users.signinRedirectCallback(); // at the redirect address
            export const signOut = () => users.signoutRedirect();
            """;

    public static string JwtBearer(SnippetValues v) =>
        $$"""
            // dotnet add package Microsoft.AspNetCore.Authentication.JwtBearer
            builder.Services.AddAuthentication("Bearer").AddJwtBearer("Bearer", options =>
            {
                options.Authority = {{v.Issuer}};
                options.Audience = {{v.Resource}};
                options.MapInboundClaims = false;
                options.TokenValidationParameters.ValidTypes = ["at+jwt"];
            });
            """;
}
