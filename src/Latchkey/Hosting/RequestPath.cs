using Latchkey.Core.Configuration;

namespace Latchkey.Hosting;

/// <summary>Splits the path of a request into the path base and the path of a route.</summary>
public static class RequestPath
{
    /// <summary>
    /// Requests arrive with the path of the public URL, or without it: from a proxy that removes it, and from this machine. Both are the
    /// same, and links in the answer have it. Leading slashes collapse, because the Swift SDK calls <c>//api/appuser/…</c>.
    /// </summary>
    public static void UseRequestPath(this WebApplication app)
    {
        var installation = app.Services.GetRequiredService<InstallationSettings>();
        var ofUsers = new PathString(new PathBase(new Uri(installation.PublicUrl)).ToString());
        var ofPortal = new PathString(new PathBase(new Uri(installation.PortalUrl)).ToString());
        app.Use(
            (context, next) =>
            {
                var pathBase = installation.HasPortalAt(context.Request.Host.Host) ? ofPortal : ofUsers;
                var path = CollapseSlashes(context.Request.Path);
                context.Request.Path = path.StartsWithSegments(pathBase, StringComparison.OrdinalIgnoreCase, out var rest)
                    ? CollapseSlashes(rest)
                    : path;
                context.Request.PathBase = pathBase;
                return next(context);
            }
        );
    }

    /// <summary>The constructor does not decode; a conversion from string would decode a second time.</summary>
    private static PathString CollapseSlashes(PathString path) =>
        path.Value is { } text && text.StartsWith("//", StringComparison.Ordinal) ? new PathString("/" + text.TrimStart('/')) : path;
}
