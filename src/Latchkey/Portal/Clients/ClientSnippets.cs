using System.Text.Encodings.Web;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients;

/// <summary>Code for a client's libraries, with its own values. Values are JSON strings, which are valid in all these languages.</summary>
public static class ClientSnippets
{
    /// <summary>The application's issuer.</summary>
    public static string IssuerOf(ApplicationRow app, InstallationSettings installation) =>
        ApplicationRules.SettingsOf(app).IssuerDomain is { Length: > 0 } domain ? $"https://{domain}" : installation.IssuerOf(app.Id);

    /// <summary>What fits the client's type: a key, a title and the code of each.</summary>
    public static IEnumerable<(string Key, string Title, string Text)> Of(Client client, string issuer)
    {
        var values = new SnippetValues(client, issuer);
        (string Key, string Title, string Text)[] own = client.Type switch
        {
            ClientType.Web =>
            [
                ("openid-client", "Node, with openid-client", WebSnippets.OpenIdClient(values)),
                ("authjs", "SvelteKit and others, with Auth.js", WebSnippets.AuthJs(values)),
                ("curl", "By hand, with curl", CurlSnippets.Code(values)),
            ],
            ClientType.Browser =>
            [
                ("oidc-client-ts", "JavaScript, with oidc-client-ts", WebSnippets.OidcClientTs(values)),
                ("curl", "By hand, with curl", CurlSnippets.Code(values)),
            ],
            ClientType.Native => [("curl", "By hand, with curl", CurlSnippets.Code(values))],
            ClientType.Service =>
            [
                ("curl", "With curl", CurlSnippets.ClientCredentials(values)),
                ("openid-client", "Node, with openid-client", WebSnippets.ClientCredentials(values)),
            ],
            _ => [("curl", "With curl", CurlSnippets.Device(values))],
        };
        return client.Settings.Resources.Count == 0
            ? own
            : own.Append(("jwtbearer", "In your API, C# with JwtBearer", WebSnippets.JwtBearer(values)));
    }

    /// <summary>A text as a JSON string.</summary>
    internal static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
