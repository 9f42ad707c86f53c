namespace Latchkey.Core;

/// <summary>Middleware for some paths that is made for the first request that needs it, and not at the start.</summary>
public static class LazyBranch
{
    /// <summary>Like UseWhen for a path and what is below it: requests that the branch does not answer go on.</summary>
    public static void UseLazyBranch(this WebApplication app, PathString path, Action<IApplicationBuilder> configure) =>
        app.Use(next =>
        {
            RequestDelegate? branch = null;
            object? building = null;
            return context =>
                context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
                    ? LazyInitializer.EnsureInitialized(ref branch, ref building, Build)(context) // tried again when it failed
                    : next(context);

            RequestDelegate Build()
            {
                var builder = ((IApplicationBuilder)app).New();
                configure(builder);
                builder.Run(next);
                return builder.Build();
            }
        });
}
