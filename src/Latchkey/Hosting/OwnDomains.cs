using Latchkey.Applications.Domains;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Provider;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Hosting;

/// <summary>
/// On an application's own domain, its OpenID provider is at the root: <c>/oauth2/token</c> there is <c>/apps/{appId}/oauth2/token</c>.
/// The portal and other applications cannot be reached there.
/// </summary>
public static class OwnDomains
{
    /// <summary>What is the same on every host: the API, files of pages, health, and the files for passkeys of a domain.</summary>
    private static readonly PathString[] SharedPaths =
    [
        "/api",
        "/css",
        "/img",
        "/js",
        "/health",
        "/.well-known/webauthn",
        "/.well-known/apple-app-site-association",
        "/.well-known/assetlinks.json",
    ];

    public static void UseOwnDomains(this WebApplication app)
    {
        var domains = app.Services.GetRequiredService<ApplicationDomains>();
        var installation = app.Services.GetRequiredService<InstallationSettings>();
        var shared = new Uri(installation.PublicUrl).IdnHost;
        var portal = new Uri(installation.PortalUrl).IdnHost;
        app.Use(
            async (context, next) =>
            {
                var host = context.Request.Host.Host;
                if (
                    !host.Equals(shared, StringComparison.OrdinalIgnoreCase)
                    && !host.Equals(portal, StringComparison.OrdinalIgnoreCase)
                    && !IsShared(context.Request.Path)
                    && await domains.Find(host) is { } appId
                )
                {
                    MoveToRoot(context, appId);
                }

                await next(context);
            }
        );
    }

    private static bool IsShared(PathString path) =>
        Array.Exists(SharedPaths, shared => path.StartsWithSegments(shared, StringComparison.OrdinalIgnoreCase));

    private static void MoveToRoot(HttpContext context, string appId)
    {
        var (request, own) = (context.Request, new PathString($"/apps/{appId}"));
        context.Features.Set(new OwnDomain(appId));
        request.PathBase = PathString.Empty;
        if (!request.Path.StartsWithSegments(own, StringComparison.Ordinal))
        {
            var line = context.Features.GetRequiredFeature<IHttpRequestFeature>();
            line.RawTarget = $"{own}/{EncodedPath(line.RawTarget, request.Path)}{request.QueryString}";
            request.Path = own.Add(request.Path);
        }
    }

    /// <summary>The path as it was sent, without the path base, for <see cref="RouteValueDecoding"/>.</summary>
    private static string EncodedPath(string target, PathString path) =>
        string.Join(
            '/',
            target
                .Split('?')[0]
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
                .TakeLast((path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Length)
        );
}
