using System.Collections.Frozen;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Latchkey.Core;

/// <summary>The CORS policy of the app-user API. Tokens are sent in headers, never in cookies.</summary>
public static class Cors
{
    public const string Policy = "app-user";

    /// <summary>Under <c>/apps/{appId}/oauth2/</c>: what clients in browsers call. Never what shows pages or has a cookie.</summary>
    private static readonly FrozenSet<string> ProgramEndpoints = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "token",
        "userinfo",
        "revoke"
    );

    /// <summary>Under <c>/apps/{appId}/</c>: what browsers read to verify tokens, and to find the provider's endpoints.</summary>
    private static readonly FrozenSet<string> PublishedPaths = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        ".well-known",
        "public-key.pem"
    );

    /// <summary>
    /// An origin as browsers send it (RFC 6454 §6.1): in lower case, the host in A-labels, without the default port. Null for what is none,
    /// such as an address with a path.
    /// </summary>
    public static string? ParseOrigin(string text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Host.Length == 0
            || url.Host.Contains('*', StringComparison.Ordinal)
            || url is not { AbsolutePath: "/" or "", Query: "", Fragment: "", UserInfo: "" }
        )
        {
            return null;
        }

        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return (url.IsDefaultPort ? $"{url.Scheme}://{host}" : $"{url.Scheme}://{host}:{url.Port}").ToLowerInvariant();
    }

    public static void Allow(this CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy
            .WithMethods("GET", "HEAD", "POST")
            .AllowAnyHeader()
            .WithExposedHeaders("ETag", "Retry-After", "WWW-Authenticate", "DPoP-Nonce")
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
    /// Applies the policy to whole paths, so that unknown functions, wrong methods and preflights under them have it too. Creates the
    /// framework's middleware directly: UseCors compiles an expression at start, which loads the expression compiler.
    /// </summary>
    public static void UseCorsPolicy(this WebApplication app)
    {
        var (cors, log, policies) = (
            app.Services.GetRequiredService<ICorsService>(),
            app.Services.GetRequiredService<ILoggerFactory>(),
            app.Services.GetRequiredService<ICorsPolicyProvider>()
        );
        app.Use(next =>
        {
            var middleware = new CorsMiddleware(next, cors, log, Policy);
            return context => AllowsOrigins(context.Request.Path) ? middleware.Invoke(context, policies) : next(context);
        });
    }

    /// <summary>The app-user API, an application's published keys and metadata, and its endpoints for programs; never pages.</summary>
    private static bool AllowsOrigins(PathString path) =>
        path.StartsWithSegments("/api/appuser", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/.well-known/oauth-authorization-server", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/apps", StringComparison.OrdinalIgnoreCase, out var rest)
            && rest.Value?.Split('/', StringSplitOptions.RemoveEmptyEntries) is [_, .. var inside]
            && (
                inside is [var published, ..] && PublishedPaths.Contains(published)
                || inside is ["oauth2", var endpoint, ..] && ProgramEndpoints.Contains(endpoint)
            );
}
