using Latchkey.Core.Configuration;

namespace Latchkey.Hosting;

/// <summary>
/// Sets security headers on every response. Pages override the content security policy. Responses hold tokens and personal data, so no
/// cache may store them unless their handler allows it, as those of getApplication, key sets and static files do.
/// </summary>
public sealed class SecurityHeadersMiddleware(RequestDelegate next, InstallationSettings installation)
{
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";
    private const string HstsValue = "max-age=63072000; includeSubDomains";

    private readonly bool isHttps = installation.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers.ContentSecurityPolicy = ApiPolicy;
        headers.CacheControl = "no-store";
        if (isHttps || context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = HstsValue;
        }

        return next(context);
    }
}
