namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Swift, with AppAuth and SwiftUI.</summary>
internal static class SwiftQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "swift",
            "Swift",
            """
            In Xcode: New, Project, iOS App with SwiftUI. Then File, Add Package Dependencies:
            https://github.com/openid/AppAuth-iOS
            """,
            [("ContentView.swift", View(v))],
            "In Xcode: Product, Run."
        )
        {
            IsTested = false,
            Notes =
            [
                .. v.HttpsNotes,
                .. v.AppNotes,
                $"The redirect address begins with {v.StartScheme}: and needs no entry in Info.plist.",
                "The app reads the address in the ID token: switch Claims in ID tokens on at this client, under Security.",
            ],
        };

    private static string View(SnippetValues v) =>
        $$"""
            import AppAuth
            import SwiftUI

            @MainActor
            final class SignIn: ObservableObject {
                @Published var name: String?
                @Published var problem: String?
                private var flow: OIDExternalUserAgentSession?

                func start() {
                    let issuer = URL(string: {{v.Issuer}})!
                    OIDAuthorizationService.discoverConfiguration(forIssuer: issuer) { configuration, error in
                        guard let configuration else {
                            self.problem = error?.localizedDescription
                            return
                        }
                        let request = OIDAuthorizationRequest(
                            configuration: configuration,
                            clientId: {{v.Id}},
                            clientSecret: nil,
                            scopes: {{v.SignInScope}}.components(separatedBy: " "),
                            redirectURL: URL(string: {{v.StartUri}})!,
                            responseType: OIDResponseTypeCode,
                            additionalParameters: nil
                        )
                        guard let scene = UIApplication.shared.connectedScenes.first as? UIWindowScene,
                              let screen = scene.keyWindow?.rootViewController else { return }
                        self.flow = OIDAuthState.authState(byPresenting: request, presenting: screen) { state, error in
                            guard let token = state?.lastTokenResponse?.idToken, let claims = OIDIDToken(idTokenString: token) else {
                                self.problem = error?.localizedDescription
                                return
                            }
                            self.name = claims.claims["email"] as? String ?? claims.subject
                        }
                    }
                }
            }

            struct ContentView: View {
                @StateObject private var signIn = SignIn()

                var body: some View {
                    if let name = signIn.name {
                        Text("Hello \(name)")
                    } else {
                        Button("Sign in") { signIn.start() }
                        if let problem = signIn.problem { Text(problem) }
                    }
                }
            }
            """;
}
