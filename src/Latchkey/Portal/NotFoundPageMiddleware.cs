using Latchkey.Core;

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
            await Page.ExecuteAsync(context);
        }
    }

    private static IResult Page =>
        PlainPage.Create(
            "Nothing here",
            $"""
            <p class="quiet">404</p>
            <h1>There is nothing at this address</h1>
            <p>The link may be old, or what it showed was deleted.</p>
            <p class="links"><a href="~{PortalServices.Path}">Open the portal</a> <a href="~/docs">API documentation</a></p>
            """,
            StatusCodes.Status404NotFound
        );
}
