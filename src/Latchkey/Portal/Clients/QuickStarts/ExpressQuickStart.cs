namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Express, with openid-client.</summary>
internal static class ExpressQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "express",
            "Express",
            """
            mkdir my-app && cd my-app && npm init -y
            npm install express express-session openid-client
            """,
            [("server.mjs", Server(v))],
            """
            export CLIENT_SECRET=…  # this client's
            SESSION_SECRET=$(openssl rand -hex 32) node server.mjs
            """
        )
        {
            Notes = v.ServerNotes,
        };

    private static string Server(SnippetValues v) =>
        $$"""
            import express from "express";
            import session from "express-session";
            import * as client from "openid-client";

            const redirectUri = {{v.StartUri}};
            const config = await client.discovery(
              new URL({{v.Issuer}}),
              {{v.Id}},
              process.env.CLIENT_SECRET,{{(
                v.IsPlainHttp ? "\n  undefined,\n  { execute: [client.allowInsecureRequests] }, // only while the issuer is http" : ""
            )}}
            );
            const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

            const app = express();
            app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false, cookie: { sameSite: "lax" } }));

            app.get("/", (req, res) => {
              const { user } = req.session;
              if (!user) return res.send('<a href="/login">Sign in</a>');
              res.send(`<p>Hello ${escape(user.email ?? user.sub)}</p><a href="/logout">Sign out</a>`);
            });

            app.get("/login", async (req, res) => {
              const verifier = client.randomPKCECodeVerifier();
              const state = client.randomState();
              req.session.login = { verifier, state };
              const url = client.buildAuthorizationUrl(config, {
                redirect_uri: redirectUri,
                scope: {{v.SignInScope}},
                code_challenge: await client.calculatePKCECodeChallenge(verifier),
                code_challenge_method: "S256",
                state,
              });
              res.redirect(url.href);
            });

            app.get(new URL(redirectUri).pathname, async (req, res) => {
              const { verifier, state } = req.session.login ?? {};
              const tokens = await client.authorizationCodeGrant(config, new URL(req.originalUrl, redirectUri), {
                pkceCodeVerifier: verifier,
                expectedState: state,
              });
              const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
              req.session.regenerate(() => {
                Object.assign(req.session, { user, idToken: tokens.id_token });
                res.redirect("/");
              });
            });

            app.get("/logout", (req, res) => {
              const url = client.buildEndSessionUrl(config, { id_token_hint: req.session.idToken ?? ""{{v.PostLogoutLine(
                ", post_logout_redirect_uri: %"
            )}} });
              req.session.destroy(() => res.redirect(url.href));
            });

            app.listen({{v.Port}});
            """;
}
