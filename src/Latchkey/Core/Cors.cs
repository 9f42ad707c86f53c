using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Latchkey.Core;

/// <summary>The policy under which browsers may call the app-user API: tokens travel in headers, never in cookies.</summary>
public static class Cors
{
    public const string Policy = "app-user";

    public static void Allow(this CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy
            .WithMethods("GET", "POST")
            .AllowAnyHeader()
            .WithExposedHeaders("ETag", "Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));
        if (origins.Count == 0)
        {
            policy.AllowAnyOrigin();
        }
        else
        {
            policy.WithOrigins([.. origins]);
        }
    }

    /// <summary>
    /// The framework's middleware, made by hand: UseCors compiles an expression at start, and with it comes their whole compiler.
    /// </summary>
    public static void UseCorsPolicies(this WebApplication app)
    {
        var (cors, log, policies) = (
            app.Services.GetRequiredService<ICorsService>(),
            app.Services.GetRequiredService<ILoggerFactory>(),
            app.Services.GetRequiredService<ICorsPolicyProvider>()
        );
        app.Use(next =>
        {
            var middleware = new CorsMiddleware(next, cors, log);
            return context => middleware.Invoke(context, policies);
        });
    }
}
