using System.Net;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.HostedPages.Account;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;

namespace Latchkey.HostedPages;

/// <summary>A request of one of the pages.</summary>
/// <param name="Http">The request.</param>
/// <param name="Caller">The application.</param>
/// <param name="Language">The language of the page.</param>
/// <param name="Ready">The authorization request that brought the user here; null when nobody but the user did.</param>
/// <param name="User">Who is signed in; null for nobody.</param>
public sealed record PageRequest(
    HttpContext Http,
    ProviderCaller Caller,
    PageLanguage Language,
    ReadyAuthorization? Ready,
    SessionUser? User
)
{
    public const string RequestParameter = "request";

    /// <summary>The authorization request as the addresses of pages have it; empty for none.</summary>
    public string RequestText { get; init; } = Http.Request.Query[RequestParameter].ToString();

    public PageText Text => Language.Text;

    public AppCaller App => new(Caller.Application, Caller.Client, null);

    /// <summary>As <see cref="App"/>, for functions of the user who is signed in.</summary>
    public UserCaller CallerOf(SessionUser user) => new(Caller.Application, Caller.Client, user.User, user.Session);

    /// <summary>
    /// As <see cref="App"/>, for functions that answer anybody: the pages never tell who has an account, whatever the application's setting
    /// says of its API.
    /// </summary>
    public AppCaller DiscreetApp =>
        App with
        {
            Application = Caller.Application with { Settings = Caller.Application.Settings with { HideAccountExistence = true } },
        };

    /// <summary>The page's language as a locale of the application; null if the application does not offer it.</summary>
    public string? Locale => Caller.Application.Settings.Locales.Contains(Language.Tag, StringComparer.Ordinal) ? Language.Tag : null;

    /// <summary>The same page with the address of another authorization request.</summary>
    public PageRequest WithRequest(string text) => this with { RequestText = text };

    /// <summary>The address of a page, with the authorization request.</summary>
    /// <param name="path">Below the issuer.</param>
    /// <param name="query">More of the query; empty for nothing.</param>
    public string Address(string path, string query = "")
    {
        string?[] parts =
        [
            RequestText.Length > 0 ? $"{RequestParameter}={Uri.EscapeDataString(RequestText)}" : null,
            DevicePages.FindQuery(Http) ?? AccountPaths.FindQuery(Http),
            query.Length > 0 ? query : null,
        ];
        var all = string.Join('&', parts.Where(part => part is not null));
        return $"{Caller.Issuer}/{path}" + (all.Length > 0 ? $"?{all}" : "");
    }

    /// <summary>A page with the application's frame around it.</summary>
    /// <param name="formTarget">Where a form of the page may lead besides; by default to the client that waits.</param>
    /// <param name="scripts">The paths of scripts of this server that the page runs; null for none.</param>
    public IResult Show(
        string heading,
        string body,
        int status = StatusCodes.Status200OK,
        string? formTarget = null,
        IReadOnlyList<string>? scripts = null
    ) =>
        PlainPage.Create(
            $"{heading} – {Caller.Application.Name}",
            $"""
            <h1>{E(heading)}</h1>
            {body}
            """,
            status,
            Language.Tag,
            formTarget ?? (Ready is null ? "" : RedirectUris.FormTarget(Ready.Request.RedirectUri)),
            scripts,
            frame: ApplicationFrame.Of(Http, Caller.Application, Language)
        );

    /// <summary>A text as HTML, with values in it that keep their direction.</summary>
    public static string Fill(string text, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var html = E(text);
        foreach (var (name, value) in values)
        {
            html = html.Replace($"%{name}%", $"<bdi>{E(value)}</bdi>", StringComparison.Ordinal);
        }

        return html;
    }

    /// <summary>A text with values in it, not encoded.</summary>
    public static string Plain(string text, string name, string value) => text.Replace($"%{name}%", value, StringComparison.Ordinal);

    public static string E(string text) => WebUtility.HtmlEncode(text);
}
