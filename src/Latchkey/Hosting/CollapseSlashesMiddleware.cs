namespace Latchkey.Hosting;

public static class CollapseSlashesMiddleware
{
    /// <summary>Collapses leading slashes of the path, because the Swift SDK calls <c>//api/appuser/…</c>.</summary>
    public static void UseCollapseSlashes(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.Value is { } path && path.StartsWith("//", StringComparison.Ordinal))
                {
                    // The constructor does not decode; a conversion from string would decode a second time
                    context.Request.Path = new PathString("/" + path.TrimStart('/'));
                }

                return next(context);
            }
        );
}
