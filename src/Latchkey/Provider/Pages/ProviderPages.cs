using System.Globalization;
using System.Net;
using Latchkey.Core;
using Latchkey.Provider.Authorization;

namespace Latchkey.Provider.Pages;

/// <summary>What all pages and redirects of the provider have in common.</summary>
public static class ProviderPages
{
    /// <summary>No framing by any means, no copy in a cache, and no referrer to whoever comes next (RFC 9700 §4.2.4, §4.16).</summary>
    public static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>303, never 307: a browser that is sent on must not send the form again (RFC 9700 §4.12).</summary>
    public static IResult SeeOther(string url) => new Redirect(url);

    /// <summary>
    /// Sends the browser on: to an address, or with a form that sends itself where the browser runs scripts (OAuth 2.0 Form Post Response
    /// Mode §2).
    /// </summary>
    public static IResult Leave(HttpContext context, AuthorizationAnswer answer)
    {
        var url = answer.Url ?? throw new InvalidOperationException("the browser stays here");
        if (answer.Form is not { } form)
        {
            return SeeOther(url);
        }

        var (tag, text) = PageLanguage.Choose(context.Request, []);
        var fields = form.Select(field => $"<input type=\"hidden\" name=\"{E(field.Name)}\" value=\"{E(field.Value)}\">");
        return PlainPage.Create(
            text.Continue,
            $"""
            <h1>{E(text.LeavingHeading)}</h1>
            <form method="post" action="{E(url)}">
            {string.Concat(fields)}
            <button type="submit">{E(text.Continue)}</button>
            </form>
            """,
            language: tag,
            formTargets: RedirectUris.FormTarget(url),
            scripts: ["js/submit-form.js"],
            frame: FrameOf(context, tag, text)
        );
    }

    /// <summary>The frame of the application whose page it is; null where there is none.</summary>
    private static PageFrame? FrameOf(HttpContext context, string tag, PageText text) =>
        context.Features.Get<ProviderCaller>() is { } caller ? ApplicationFrame.Of(context, caller.Application, new(tag, text)) : null;

    /// <summary>The page of an error that no client may be told.</summary>
    public static IResult Error(HttpContext context, Error error)
    {
        var (tag, text) = PageLanguage.Choose(context.Request, []);
        if ((error.RetryAfter ?? OAuthResults.PauseOf(error)) is { } wait)
        {
            context.Response.Headers.RetryAfter = Seconds(wait).ToString(CultureInfo.InvariantCulture);
        }

        var (heading, explanation) = error switch
        {
            { RetryAfter: { } pause } => (text.WaitHeading, Wait(text, pause)),
            { HttpStatus: StatusCodes.Status503ServiceUnavailable } => (text.ClosedHeading, text.ClosedText),
            { HttpStatus: >= 500 } => (text.ErrorHeading, text.ServerErrorText),
            _ when error.Code == OAuthErrors.InvalidRequestUri.Code => (text.ExpiredHeading, text.ExpiredText),
            _ => (text.ErrorHeading, text.ErrorText),
        };
        return PlainPage.Create(
            heading,
            $"""
            <h1>{E(heading)}</h1>
            <p>{E(explanation)}</p>
            <p class="quiet" dir="ltr" lang="en">{E(error.OAuthCode ?? error.Code.ToString(CultureInfo.InvariantCulture))}: {E(
                error.Message
            )}</p>
            """,
            error.HttpStatus,
            tag,
            frame: FrameOf(context, tag, text)
        );
    }

    /// <summary>How long to wait, in words.</summary>
    public static string Wait(PageText text, TimeSpan wait) =>
        Seconds(wait) is var seconds && seconds < 100
            ? text.WaitSeconds.Replace("%N%", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            : text.WaitMinutes.Replace("%N%", ((seconds + 59) / 60).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private sealed class Redirect(string url) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = url;
            return Task.CompletedTask;
        }
    }
}
