using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>Refuses forms that another site sends, before the sender is authenticated.</summary>
public sealed class SameOriginMiddleware(RequestDelegate next, InstallationSettings installation, RejectedFormLog refusals)
{
    private readonly string portalOrigin = new Uri(installation.PortalUrl).GetLeftPart(UriPartial.Authority);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (
            HttpMethods.IsGet(request.Method)
            || request.Headers.Origin.All(IsOurs) && request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site")
        )
        {
            return next(context);
        }

        refusals.LogForeignOrigin(context);
        return RejectedFormPages.NotAccepted("This form was sent from another site.").ExecuteAsync(context);

        bool IsOurs(string? origin) => origin == portalOrigin || origin == $"{request.Scheme}://{request.Host}";
    }
}
