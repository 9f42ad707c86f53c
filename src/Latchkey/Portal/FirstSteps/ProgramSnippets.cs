namespace Latchkey.Portal.FirstSteps;

/// <summary>Clients for desktops and terminals, without libraries. Public URL and token need no escaping.</summary>
public static class ProgramSnippets
{
    public static AppSnippet CSharp(string publicUrl, string appToken) =>
        new(
            "csharp",
            "C#",
            "Latchkey.cs",
            $$"""
            using System.Net.Http.Json;
            using System.Text.Json;

            public static class Latchkey
            {
                private static readonly HttpClient Http = new()
                {
                    BaseAddress = new Uri("{{publicUrl}}/api/appuser/"),
                    DefaultRequestHeaders = { { "app-token", "{{appToken}}" } },
                };

                /// <summary>Mails a code to the address.</summary>
                public static Task SignUp(string handle, string password) => Call("signup", new { handle, password });

                /// <summary>With the code from the mail. "jwt" is for your own backend, "access-token" for this server.</summary>
                public static Task<JsonElement> Confirm(string handle, string code) => Call("completeSignup", new { handle, code });

                public static Task<JsonElement> LogIn(string handle, string password) => Call("login", new { handle, password });

                private static async Task<JsonElement> Call(string name, object body)
                {
                    using var response = await Http.PostAsJsonAsync(name, body);
                    var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                    return response.IsSuccessStatusCode
                        ? answer
                        : throw new InvalidOperationException(answer.GetProperty("message").GetString());
                }
            }
            """,
            """
            await Latchkey.SignUp("ada@example.com", "violet-harbour-42");
            var user = await Latchkey.Confirm("ada@example.com", code); // what the user typed
            var again = await Latchkey.LogIn("ada@example.com", "violet-harbour-42");
            """,
            IsTested: true
        );

    public static AppSnippet Python(string publicUrl, string appToken) =>
        new(
            "python",
            "Python",
            "latchkey.py",
            $$"""
            import json
            import urllib.error
            import urllib.request

            SERVER = "{{publicUrl}}/api/appuser/"
            APP_TOKEN = "{{appToken}}"


            # Mails a code to the address.
            def sign_up(handle, password):
                call("signup", handle=handle, password=password)


            # With the code from the mail. "jwt" is for your own backend, "access-token" for this server.
            def confirm(handle, code):
                return call("completeSignup", handle=handle, code=code)


            def log_in(handle, password):
                return call("login", handle=handle, password=password)


            def call(name, **body):
                headers = {"app-token": APP_TOKEN, "content-type": "application/json"}
                request = urllib.request.Request(SERVER + name, json.dumps(body).encode(), headers)
                try:
                    with urllib.request.urlopen(request) as answer:
                        return json.load(answer)
                except urllib.error.HTTPError as refused:
                    raise RuntimeError(json.load(refused)["message"]) from None
            """,
            """
            import latchkey

            latchkey.sign_up("ada@example.com", "violet-harbour-42")
            user = latchkey.confirm("ada@example.com", code)  # what the user typed
            again = latchkey.log_in("ada@example.com", "violet-harbour-42")
            """,
            IsTested: true
        );

    public static AppSnippet Curl(string publicUrl, string appToken) =>
        new(
            "curl",
            "curl",
            "In a terminal",
            $$"""
            call() {
              curl --silent --show-error "{{publicUrl}}/api/appuser/$1" \
                -H 'app-token: {{appToken}}' \
                -H 'content-type: application/json' \
                -d "$2"
            }
            """,
            """
            call signup '{"handle": "ada@example.com", "password": "violet-harbour-42"}'
            call completeSignup '{"handle": "ada@example.com", "code": "THE CODE"}'
            call login '{"handle": "ada@example.com", "password": "violet-harbour-42"}'
            """,
            IsTested: true
        );
}
