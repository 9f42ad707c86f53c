namespace Latchkey.Portal.Clients;

/// <summary>Requests with curl, to see how it works.</summary>
internal static class CurlSnippets
{
    public static string Code(SnippetValues v) =>
        $"""
            # 1. Open this address in a browser and sign in. The browser goes to the redirect address with code=…
            verifier=$(openssl rand -base64 48 | tr '+/' '-_' | tr -d '=\n')
            challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=\n')
            echo {SnippetValues.Shell(
                $"{v.RawIssuer}/oauth2/authorize?response_type=code&client_id={Uri.EscapeDataString(v.RawId)}"
                    + $"&redirect_uri={Uri.EscapeDataString(v.RawRedirectUri)}&scope={Uri.EscapeDataString(v.RawScope)}"
                    + "&code_challenge_method=S256&code_challenge="
            )}"$challenge"

            # 2. Exchange the code within a minute. A client with a secret adds -u "CLIENT_ID:$CLIENT_SECRET".
            curl {SnippetValues.Shell($"{v.RawIssuer}/oauth2/token")} \
              -d grant_type=authorization_code -d {SnippetValues.Shell($"client_id={v.RawId}")} \
              --data-urlencode {SnippetValues.Shell($"redirect_uri={v.RawRedirectUri}")} \
              -d "code=$CODE" -d "code_verifier=$verifier"
            """;

    public static string ClientCredentials(SnippetValues v) =>
        $"""
            curl {SnippetValues.Shell($"{v.RawIssuer}/oauth2/token")} \
              -u {SnippetValues.Shell(v.RawId)}":$CLIENT_SECRET" \
              -d grant_type=client_credentials{(
                v.RawResource is null ? "" : $" \\\n  --data-urlencode {SnippetValues.Shell($"resource={v.RawResource}")}"
            )}
            """;

    public static string Device(SnippetValues v) =>
        $"""
            # 1. Show user_code and verification_uri of the answer to the user.
            curl {SnippetValues.Shell($"{v.RawIssuer}/oauth2/device_authorization")} \
              -d {SnippetValues.Shell($"client_id={v.RawId}")} --data-urlencode {SnippetValues.Shell($"scope={v.RawScope}")}

            # 2. Ask every five seconds, or as long as interval says, until the user has decided.
            curl {SnippetValues.Shell($"{v.RawIssuer}/oauth2/token")} \
              -d grant_type=urn:ietf:params:oauth:grant-type:device_code \
              -d {SnippetValues.Shell($"client_id={v.RawId}")} -d "device_code=$DEVICE_CODE"
            """;
}
