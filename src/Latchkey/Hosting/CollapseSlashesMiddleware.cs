namespace Latchkey.Hosting;

public static class CollapseSlashesMiddleware
{
    /// <summary>The Swift SDK calls <c>//api/appuser/…</c>; paths are matched as if a leading slash stood once.</summary>
    public static void UseCollapseSlashes(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.Value is { } path && path.StartsWith("//", StringComparison.Ordinal))
                {
                    // By its constructor: from a string it would be decoded a second time
                    context.Request.Path = new PathString("/" + path.TrimStart('/'));
                }

                return next(context);
            }
        );
}
