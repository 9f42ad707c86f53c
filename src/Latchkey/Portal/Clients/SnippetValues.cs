using System.Globalization;
using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients;

/// <summary>The values of a client in code, quoted for it.</summary>
/// <param name="client">The client.</param>
/// <param name="issuer">The application's issuer.</param>
internal sealed class SnippetValues(Client client, string issuer)
{
    private static readonly string[] SignInScopes = ["openid", "profile", "email"];

    public string RawIssuer => issuer;

    public string RawId => client.Id;

    public string RawRedirectUri => First(client.Settings.RedirectUris) ?? "https://app.example.com/callback";

    public string RawScope => client.Settings.Scopes.Count > 0 ? string.Join(' ', client.Settings.Scopes) : "";

    public string? RawPostLogoutUri => First(client.Settings.PostLogoutUris);

    /// <summary>What a quick start asks for: who the user is, and no more.</summary>
    public string RawSignInScope => string.Join(' ', SignInScopes.Intersect(client.Settings.Scopes, StringComparer.Ordinal));

    public string SignInScope => ClientSnippets.Quote(RawSignInScope);

    public string Issuer => ClientSnippets.Quote(issuer);

    public string Id => ClientSnippets.Quote(client.Id);

    public string RedirectUri => ClientSnippets.Quote(RawRedirectUri);

    /// <summary>The discovery document (OpenID Connect Discovery §4).</summary>
    public string Discovery => ClientSnippets.Quote($"{issuer}/.well-known/openid-configuration");

    public string LogoutEndpoint => ClientSnippets.Quote($"{issuer}/oauth2/logout");

    /// <summary>The redirect address's origin, where an app in development listens.</summary>
    public string Origin => IsHttp ? Redirect.GetLeftPart(UriPartial.Authority) : "http://localhost:3000";

    public string QuotedOrigin => ClientSnippets.Quote(Origin);

    public string Port => new Uri(Origin).Port.ToString(CultureInfo.InvariantCulture);

    public string RedirectPath => ClientSnippets.Quote(Redirect.AbsolutePath);

    public string RedirectScheme => Redirect.Scheme;

    /// <summary>Whether the issuer is a laboratory's without TLS, which libraries must be told to allow.</summary>
    public bool IsPlainHttp => issuer.StartsWith("http:", StringComparison.Ordinal);

    /// <summary>What a single-page app needs besides.</summary>
    public IReadOnlyList<string> BrowserNotes =>
        [
            .. LoopbackNote,
            "Open the address exactly as it is in the redirect address: localhost and 127.0.0.1 are two places to a browser.",
        ];

    /// <summary>What a website with a server needs besides.</summary>
    public IReadOnlyList<string> ServerNotes =>
        [.. LoopbackNote, .. PathNote, "On a site with https, set the attribute Secure on its cookies."];

    private IEnumerable<string> PathNote =>
        Redirect.AbsolutePath == "/" ? ["The redirect address needs a path of its own, such as /callback: / is the app's first page."] : [];

    /// <summary>Where an app in development is not at the client's redirect address.</summary>
    private IEnumerable<string> LoopbackNote =>
        IsHttp && Redirect.IsLoopback
            ? []
            : [$"For a try on your machine, add a redirect address such as {Origin}/callback to this client."];

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

    private Uri Redirect => new(RawRedirectUri);

    private bool IsHttp => Redirect.Scheme is "http" or "https";

    private static string? First(IReadOnlyList<string> all) => all.Count > 0 ? all[0] : null;
}
