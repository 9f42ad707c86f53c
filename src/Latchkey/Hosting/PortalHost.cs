using Latchkey.Core.Configuration;
using Latchkey.Portal;

namespace Latchkey.Hosting;

/// <summary>
/// Where the portal has a host of its own, it answers there only, and nothing of an application does: no page that users see, no API, no
/// cookie of these. So nothing that a tenant controls shares an origin with the portal.
/// </summary>
public static class PortalHost
{
    /// <summary>What else the portal's host has: the start page, files of pages, the documentation of the API, and health.</summary>
    private static readonly PathString[] Neighbours = ["/css", "/img", "/js", "/docs", "/openapi", "/health"];

    public static void UsePortalHost(this WebApplication app)
    {
        var installation = app.Services.GetRequiredService<InstallationSettings>();
        if (installation.ConfiguredPortalUrl is null)
        {
            return;
        }

        app.Use(
            (context, next) =>
                installation.HasPortalAt(context.Request.Host.Host)
                    ? IsOfPortalHost(context.Request.Path)
                        ? next(context)
                        : Nothing(context)
                    : IsPortal(context.Request.Path)
                        ? Nothing(context)
                        : next(context)
        );
    }

    private static bool IsOfPortalHost(PathString path) =>
        IsPortal(path)
        || path.Value is null or "" or "/"
        || Array.Exists(Neighbours, one => path.StartsWithSegments(one, StringComparison.OrdinalIgnoreCase));

    private static bool IsPortal(PathString path) => path.StartsWithSegments(PortalServices.Path, StringComparison.OrdinalIgnoreCase);

    private static Task Nothing(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            ? Task.CompletedTask // ErrorMiddleware writes it
            : NotFoundPageMiddleware.Page(context).ExecuteAsync(context);
    }
}
