namespace Latchkey.Core;

public static class ErrorPageExtensions
{
    public static RouteHandlerBuilder WithErrorPage(this RouteHandlerBuilder route) => route.WithMetadata(new ErrorPage());

    public static bool WantsErrorPage(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ErrorPage>() is not null
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
