using System.Net;
using System.Text;

namespace Latchkey.Core;

/// <summary>Pages that an application's users see on this server: one stylesheet, and no script but where a form sends itself.</summary>
public static class PlainPage
{
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string FormsHere = "form-action 'self'";
    private static readonly string[] AddressAttributes = ["href", "src", "action"];
    private const string NoReferrer = "no-referrer";

    /// <summary>A sandboxed page has an opaque origin; <c>'self'</c> still means the origin it was loaded from.</summary>
    public const string SandboxContentSecurityPolicy = "sandbox allow-forms; form-action 'self'; frame-ancestors 'none'";

    /// <param name="title">Plain text.</param>
    /// <param name="bodyHtml">
    /// HTML with encoded values. An address in href, src or action that begins with <c>~/</c> is below the path base.
    /// </param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="language">The language tag of the page's text.</param>
    /// <param name="formTargets">
    /// For a page whose form leads on to other sites: their origins or schemes, for form-action, as browsers hold redirects after a form to
    /// it. Empty for a form that stays here. The form's origin is sent to this server, but no address to any other.
    /// </param>
    /// <param name="scripts">The paths of scripts of this server that the page runs, in their order; null for none.</param>
    /// <param name="frame">What stands around the text; null for nothing.</param>
    public static IResult Create(
        string title,
        string bodyHtml,
        int status = StatusCodes.Status200OK,
        string language = "en",
        string? formTargets = null,
        IReadOnlyList<string>? scripts = null,
        PageFrame? frame = null
    ) =>
        new HtmlResult(
            $"""
            <!doctype html>
            <html lang="{WebUtility.HtmlEncode(language.ToLowerInvariant())}" dir="{(
                LanguageTag.IsRightToLeft(language) ? "rtl" : "ltr"
            )}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <link rel="icon" href="~/img/mark.svg" type="image/svg+xml">
            <link rel="stylesheet" href="~/css/plain.css">{frame?.Head}
            </head>
            <body><main>
            {frame?.Header}
            {bodyHtml}
            </main>{frame?.Footer}{string.Concat((scripts ?? []).Select(path => $"<script src=\"~/{path}\"></script>"))}</body>
            </html>
            """,
            (
                formTargets is { Length: > 0 }
                    ? ContentSecurityPolicy.Replace(FormsHere, $"{FormsHere} {formTargets}", StringComparison.Ordinal)
                    : ContentSecurityPolicy
            ) + (scripts is null ? "" : "; script-src 'self'"),
            status
        )
        {
            ResolvesAddresses = true,
            ReferrerPolicy = formTargets is null ? NoReferrer : "same-origin",
        };

    /// <summary>
    /// A page of an application's own HTML in a sandbox: no scripts, no framing, and forms submit to this server only, because users trust
    /// this server's name.
    /// </summary>
    public static IResult Sandboxed(string html) => new HtmlResult(html, SandboxContentSecurityPolicy, StatusCodes.Status200OK);

    public static IResult Create(Error error) =>
        Create(
            "Something went wrong",
            $"<h1>Something went wrong</h1><p>{Explanation(error)}</p><p class=\"quiet\">{error.Code}: "
                + $"{WebUtility.HtmlEncode(error.Message)}</p>",
            error.HttpStatus
        );

    private static string Explanation(Error error) =>
        error.Code switch
        {
            500 => "The server had an error. Please try again. If it happens again, tell the operator.",
            411 => "The link has expired. Please sign up again in the app to get a new one.",
            601 => "Your address is already confirmed. You can go back to the app and log in.",
            731 => "The code was used or has expired. Please ask for a new one where you want to sign in.",
            700 or 701 => "There were too many attempts. Please wait a few minutes and open the link again.",
            _ => "The link is incomplete or no longer valid. Please open it again from the newest mail, or ask for a new one in the app.",
        };

    private sealed class HtmlResult(string page, string policy, int status) : IResult
    {
        /// <summary>False for a developer's page: its text is sent as it is.</summary>
        public bool ResolvesAddresses { get; init; }

        /// <summary>With no-referrer, browsers would hide the origin of a form even from this server.</summary>
        public string ReferrerPolicy { get; init; } = NoReferrer;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentSecurityPolicy = policy;
            response.Headers["Referrer-Policy"] = ReferrerPolicy;
            return response.WriteAsync(ResolvesAddresses ? Resolve(page, httpContext.Request.PathBase.ToString()) : page, Encoding.UTF8);
        }

        /// <summary>Only where an address stands: the value of a field may begin so too, and is sent as it is.</summary>
        private static string Resolve(string page, string pathBase) =>
            AddressAttributes.Aggregate(
                page,
                (html, attribute) => html.Replace($" {attribute}=\"~/", $" {attribute}=\"{pathBase}/", StringComparison.Ordinal)
            );
    }
}
