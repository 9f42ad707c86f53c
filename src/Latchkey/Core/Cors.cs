using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Latchkey.Core;

/// <summary>The CORS policy of the app-user API. Tokens are sent in headers, never in cookies.</summary>
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
    /// Creates the framework's middleware directly: UseCors compiles an expression at start, which loads the expression compiler.
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
