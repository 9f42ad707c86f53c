using System.Globalization;
using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients;

/// <summary>The values of a client in code, quoted for it.</summary>
/// <param name="client">The client.</param>
/// <param name="issuer">The application's issuer.</param>
internal sealed class SnippetValues(Client client, string issuer)
{
    /// <summary>Where an app in development listens, if the client has no address on the developer's machine.</summary>
    private const string LocalOrigin = "http://localhost:3000";

    private static readonly string[] SignInScopes = ["openid", "profile", "email"];

    public string RawIssuer => issuer;

    public string RawId => client.Id;

    public string RawRedirectUri => Preferred(client.Settings.RedirectUris) ?? "https://app.example.com/callback";

    /// <summary>
    /// The redirect address of a quick start, which runs on the developer's machine or phone. Where the client has none of that kind, it is
    /// one to add.
    /// </summary>
    public string RawStartUri =>
        client.Type == ClientType.Native
            ? client.Settings.RedirectUris.FirstOrDefault(IsOfApp) ?? "com.example.myapp:/callback"
            : client.Settings.RedirectUris.FirstOrDefault(IsLocal) ?? $"{LocalOrigin}{LocalPath}";

    public string RawScope => client.Settings.Scopes.Count > 0 ? string.Join(' ', client.Settings.Scopes) : "";

    public string? RawPostLogoutUri => Preferred(client.Settings.PostLogoutUris);

    /// <summary>What a quick start asks for: who the user is, and no more.</summary>
    public string RawSignInScope => string.Join(' ', SignInScopes.Intersect(client.Settings.Scopes, StringComparer.Ordinal));

    public string SignInScope => ClientSnippets.Quote(RawSignInScope);

    public string Issuer => ClientSnippets.Quote(issuer);

    public string Id => ClientSnippets.Quote(client.Id);

    public string RedirectUri => ClientSnippets.Quote(RawRedirectUri);

    public string StartUri => ClientSnippets.Quote(RawStartUri);

    /// <summary>The discovery document (OpenID Connect Discovery §4).</summary>
    public string Discovery => ClientSnippets.Quote($"{issuer}/.well-known/openid-configuration");

    public string LogoutEndpoint => ClientSnippets.Quote($"{issuer}/oauth2/logout");

    /// <summary>The origin of a quick start's redirect address, where the app listens.</summary>
    public string Origin => Start.GetLeftPart(UriPartial.Authority);

    public string QuotedOrigin => ClientSnippets.Quote(Origin);

    public string Port => new Uri(Origin).Port.ToString(CultureInfo.InvariantCulture);

    public string StartPath => ClientSnippets.Quote(Start.AbsolutePath);

    public string StartScheme => Start.Scheme;

    /// <summary>Whether the issuer is a laboratory's without TLS, which libraries must be told to allow.</summary>
    public bool IsPlainHttp => issuer.StartsWith("http:", StringComparison.Ordinal);

    /// <summary>What a single-page app needs besides.</summary>
    public IReadOnlyList<string> BrowserNotes =>
        [.. LocalNote, "Open the address exactly as it is in the redirect address: localhost and 127.0.0.1 are two places to a browser."];

    /// <summary>What a website with a server needs besides.</summary>
    public IReadOnlyList<string> ServerNotes =>
        [.. LocalNote, .. PathNote, "On a site with https, set the attribute Secure on its cookies."];

    /// <summary>What an app on a phone needs besides.</summary>
    public IReadOnlyList<string> AppNotes =>
        HasStartUri
            ? []
            :
            [
                $"Add the redirect address {RawStartUri} to this client, or one with a scheme of your own: this code does not work with "
                    + "https addresses.",
            ];

    /// <summary>Where AppAuth, which cannot be told to allow a laboratory's issuer, refuses it.</summary>
    public IReadOnlyList<string> HttpsNotes =>
        IsPlainHttp ? ["AppAuth needs an https issuer. This one is plain http, so the sign-in fails until the server has https."] : [];

    private IEnumerable<string> PathNote =>
        Start.AbsolutePath == "/" ? ["The redirect address needs a path of its own, such as /callback: / is the app's first page."] : [];

    private IEnumerable<string> LocalNote =>
        HasStartUri ? [] : [$"For a try on your machine, add the redirect address {RawStartUri} to this client."];

    public string Scope => ClientSnippets.Quote(RawScope);

    public string? RawResource => First(client.Settings.Resources);

    public string Resource => ClientSnippets.Quote(RawResource ?? issuer);

    /// <summary>A text between the quotes of a shell.</summary>
    public static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A piece of code with the post-logout address in place of %; empty when the client has none.</summary>
    public string PostLogoutLine(string code) =>
        RawPostLogoutUri is { } uri ? code.Replace("%", ClientSnippets.Quote(uri), StringComparison.Ordinal) : "";

    /// <summary>A text as a string of Kotlin or Dart, in which $ begins a value.</summary>
    public string Template(string text) => ClientSnippets.Quote(text).Replace("$", "\\$", StringComparison.Ordinal);

    private Uri Start => new(RawStartUri);

    private bool HasStartUri => client.Settings.RedirectUris.Contains(RawStartUri, StringComparer.Ordinal);

    /// <summary>The path that the app has in production, which a website's own first page cannot be.</summary>
    private string LocalPath => new Uri(RawRedirectUri).AbsolutePath is { Length: > 1 } path ? path : "/callback";

    private static bool IsLocal(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed is { Scheme: "http", IsLoopback: true };

    private static bool IsOfApp(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Scheme is not ("http" or "https");

    /// <summary>An address on the developer's machine, or else the first.</summary>
    private static string? Preferred(IReadOnlyList<string> all) => all.FirstOrDefault(IsLocal) ?? First(all);

    private static string? First(IReadOnlyList<string> all) => all.Count > 0 ? all[0] : null;
}
