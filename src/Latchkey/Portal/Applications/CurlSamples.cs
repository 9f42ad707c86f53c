namespace Latchkey.Portal.Applications;

/// <summary>Requests to paste into a terminal. Public URL and token hold no character that a shell would read.</summary>
public static class CurlSamples
{
    public static string Settings(string publicUrl, string appToken) =>
        $"""
            curl {publicUrl}/api/appuser/getApplication \
              -H 'app-token: {appToken}'
            """;

    public static string Signup(string publicUrl, string appToken) =>
        $$"""
            curl {{publicUrl}}/api/appuser/signup \
              -H 'app-token: {{appToken}}' \
              -H 'content-type: application/json' \
              -d '{"handle": "ada@example.com", "password": "violet-harbour-42"}'
            """;
}
