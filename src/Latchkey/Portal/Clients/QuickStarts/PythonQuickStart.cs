namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Python, with Flask and Authlib.</summary>
internal static class PythonQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "python",
            "Python",
            """
            mkdir my-app && cd my-app && python3 -m venv .venv && . .venv/bin/activate
            pip install flask authlib requests
            """,
            [("app.py", App(v))],
            $"""
            export CLIENT_SECRET=…  # this client's
            SESSION_SECRET=$(openssl rand -hex 32) python3 -m flask --app app run --port {v.Port}
            """
        )
        {
            Notes = v.ServerNotes,
        };

    private static string App(SnippetValues v) =>
        $$"""
            import os
            from urllib.parse import urlencode

            from authlib.integrations.flask_client import OAuth
            from flask import Flask, redirect, session
            from markupsafe import escape

            app = Flask(__name__)
            app.secret_key = os.environ["SESSION_SECRET"]
            app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
            latchkey = OAuth(app).register(
                "latchkey",
                client_id={{v.Id}},
                client_secret=os.environ["CLIENT_SECRET"],
                server_metadata_url={{v.Discovery}},
                client_kwargs={"scope": {{v.SignInScope}}, "code_challenge_method": "S256"},
            )


            @app.get("/")
            def home():
                if "user" not in session:
                    return '<a href="/login">Sign in</a>'
                return f'<p>Hello {escape(session["user"])}</p><a href="/logout">Sign out</a>'


            @app.get("/login")
            def login():
                return latchkey.authorize_redirect({{v.StartUri}})


            @app.get({{v.StartPath}})
            def callback():
                token = latchkey.authorize_access_token()
                user = latchkey.userinfo(token=token)
                session.clear()
                session["user"] = user.get("email", user["sub"])
                session["id_token"] = token["id_token"]
                return redirect("/")


            @app.get("/logout")
            def logout():
                query = {"id_token_hint": session.pop("id_token", ""){{v.PostLogoutLine(", \"post_logout_redirect_uri\": %")}}}
                session.clear()
                return redirect(latchkey.load_server_metadata()["end_session_endpoint"] + "?" + urlencode(query))
            """;
}
