namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>React, with react-oidc-context and Vite.</summary>
internal static class ReactQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "react",
            "React",
            """
            mkdir my-app && cd my-app && npm init -y
            npm install react react-dom react-oidc-context oidc-client-ts vite
            """,
            [("index.html", IndexPage("main.jsx")), ("main.jsx", MainFile(v))],
            $"npx vite --port {v.Port} --strictPort"
        )
        {
            Notes = v.BrowserNotes,
        };

    /// <summary>The page that loads an app's first script.</summary>
    public static string IndexPage(string script) =>
        $"""
            <!doctype html>
            <html lang="en">
              <title>My app</title>
              <div id="root"></div>
              <script type="module" src="/{script}"></script>
            </html>
            """;

    private static string MainFile(SnippetValues v) =>
        $$"""
            import React from "react";
            import { createRoot } from "react-dom/client";
            import { AuthProvider, useAuth } from "react-oidc-context";

            const settings = {
              authority: {{v.Issuer}},
              client_id: {{v.Id}},
              redirect_uri: {{v.StartUri}},{{v.PostLogoutLine("\n  post_logout_redirect_uri: %,")}}
              scope: {{v.SignInScope}},
              loadUserInfo: true,
              onSigninCallback: () => history.replaceState({}, "", "/"),
            };

            function App() {
              const auth = useAuth();
              if (auth.isLoading) return <p>One moment…</p>;
              if (auth.error) return <p role="alert">{auth.error.message}</p>;
              if (!auth.isAuthenticated) return <button onClick={() => auth.signinRedirect()}>Sign in</button>;
              return (
                <>
                  <p>Hello {auth.user.profile.email ?? auth.user.profile.sub}</p>
                  <button onClick={() => auth.signoutRedirect()}>Sign out</button>
                </>
              );
            }

            createRoot(document.getElementById("root")).render(
              <AuthProvider {...settings}>
                <App />
              </AuthProvider>,
            );
            """;
}
