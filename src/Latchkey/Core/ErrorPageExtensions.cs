namespace Latchkey.Core;

public static class ErrorPageExtensions
{
    /// <param name="route">One that people open in a browser.</param>
    /// <param name="create">The page of an error.</param>
    public static RouteHandlerBuilder WithErrorPage(this RouteHandlerBuilder route, Func<HttpContext, Error, IResult> create) =>
        route.WithMetadata(new ErrorPage(create));

    /// <summary>The page of an error; null for a client that is no browser, and for a route that has none.</summary>
    public static IResult? FindErrorPage(this HttpContext context, Error error) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ErrorPage>() is { } page
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? page.Create?.Invoke(context, error) ?? PlainPage.Create(error)
            : null;
}
