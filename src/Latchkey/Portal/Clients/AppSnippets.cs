namespace Latchkey.Portal.Clients;

/// <summary>Code for single-page apps, and apps on phones.</summary>
internal static class AppSnippets
{
    public static string Browser(SnippetValues v) =>
        $$"""
            // npm install oidc-client-ts
            import { UserManager } from "oidc-client-ts";

            const users = new UserManager({
              authority: {{v.Issuer}},
              client_id: {{v.Id}},
              redirect_uri: {{v.RedirectUri}},
              post_logout_redirect_uri: {{v.PostLogoutUri}},
              scope: {{v.Scope}},
            });

            export const signIn = () => users.signinRedirect();
            export const complete = () => users.signinRedirectCallback(); // at the redirect address
            export const signOut = () => users.signoutRedirect();
            """;

    public static string Swift(SnippetValues v) =>
        $$"""
            // Swift package: https://github.com/openid/AppAuth-iOS
            import AppAuth

            OIDAuthorizationService.discoverConfiguration(forIssuer: URL(string: {{v.Issuer}})!) { configuration, error in
                guard let configuration else { return }
                let request = OIDAuthorizationRequest(
                    configuration: configuration,
                    clientId: {{v.Id}},
                    clientSecret: nil,
                    scopes: {{v.Scope}}.components(separatedBy: " "),
                    redirectURL: URL(string: {{v.RedirectUri}})!,
                    responseType: OIDResponseTypeCode,
                    additionalParameters: nil
                )
                flow = OIDAuthState.authState(byPresenting: request, presenting: viewController) { state, error in
                    // state?.lastTokenResponse?.idToken
                }
            }
            """;

    public static string Kotlin(SnippetValues v) =>
        $$"""
            // implementation("net.openid:appauth:0.11.1")
            AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse({{v.Issuer}})) { configuration, _ ->
                if (configuration == null) return@fetchFromIssuer
                val request = AuthorizationRequest.Builder(
                    configuration,
                    {{v.Id}},
                    ResponseTypeValues.CODE,
                    Uri.parse({{v.RedirectUri}})
                ).setScope({{v.Scope}}).build()
                launcher.launch(AuthorizationService(context).getAuthorizationRequestIntent(request))
            }
            """;
}
