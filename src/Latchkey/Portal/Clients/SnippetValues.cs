using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients;

/// <summary>The values of a client in code, quoted for it.</summary>
/// <param name="client">The client.</param>
/// <param name="issuer">The application's issuer.</param>
internal sealed class SnippetValues(Client client, string issuer)
{
    public string RawIssuer => issuer;

    public string RawId => client.Id;

    public string RawRedirectUri => First(client.Settings.RedirectUris) ?? "https://app.example.com/callback";

    public string RawScope => client.Settings.Scopes.Count > 0 ? string.Join(' ', client.Settings.Scopes) : "";

    public string Issuer => ClientSnippets.Quote(issuer);

    public string Id => ClientSnippets.Quote(client.Id);

    public string RedirectUri => ClientSnippets.Quote(RawRedirectUri);

    public string PostLogoutUri => ClientSnippets.Quote(First(client.Settings.PostLogoutUris) ?? "https://app.example.com/");

    public string Scope => ClientSnippets.Quote(RawScope);

    public string? RawResource => First(client.Settings.Resources);

    public string Resource => ClientSnippets.Quote(RawResource ?? issuer);

    /// <summary>A text between the quotes of a shell.</summary>
    public static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? First(IReadOnlyList<string> all) => all.Count > 0 ? all[0] : null;
}
