using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Latchkey.Contract;

/// <summary>The policy under which browsers may call the app-user API: tokens travel in headers, never in cookies.</summary>
public static class Cors
{
    public const string Policy = "app-user";

    public static void Allow(this CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.WithMethods("GET", "POST").AllowAnyHeader().WithExposedHeaders("ETag", "Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(1));
        if (origins.Count == 0)
        {
            policy.AllowAnyOrigin();
        }
        else
        {
            policy.WithOrigins([.. origins]);
        }
    }
}
