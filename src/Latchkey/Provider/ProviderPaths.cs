using Latchkey.Applications;

namespace Latchkey.Provider;

/// <summary>Where an application's endpoints and pages are for a browser: at the root of its own domain, or below the public URL.</summary>
public static class ProviderPaths
{
    /// <summary>What links of pages begin with, without a slash at its end; empty on the application's own domain.</summary>
    public static string Of(HttpContext context, Application application) =>
        IsOwnDomain(context) ? "" : $"{context.Request.PathBase}/apps/{application.Id}";

    /// <summary>The path of the application's cookies.</summary>
    public static string CookiePath(HttpContext context, Application application) =>
        Of(context, application) is { Length: > 0 } path ? path : "/";

    public static bool IsOwnDomain(HttpContext context) => context.Features.Get<OwnDomain>() is not null;
}
