using Latchkey.Core;
using Latchkey.Provider;

namespace Latchkey.Portal;

/// <summary>The page for unknown addresses. The API has its own response.</summary>
public sealed class NotFoundPageMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (
            response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null, ContentLength: null }
            && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        )
        {
            await Page(context).ExecuteAsync(context);
        }
    }

    /// <summary>On an application's own domain its links would lead nowhere.</summary>
    public static IResult Page(HttpContext context) =>
        PlainPage.Create(
            "Nothing here",
            $"""
            <p class="quiet">404</p>
            <h1>There is nothing at this address</h1>
            <p>The link may be old, or what it showed was deleted.</p>
            {(ProviderPaths.IsOwnDomain(context) ? "" : LandingPage.Links(context))}
            """,
            StatusCodes.Status404NotFound
        );
}
