namespace Latchkey.Core;

/// <summary>Marks routes that people open in a browser: there an error is a page, for everyone else it stays JSON.</summary>
public sealed record ErrorPage;

public static class ErrorPageExtensions
{
    public static RouteHandlerBuilder WithErrorPage(this RouteHandlerBuilder route) => route.WithMetadata(new ErrorPage());

    public static bool WantsErrorPage(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ErrorPage>() is not null
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
