using Latchkey.Api.Discovery;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Provider.Discovery;

/// <summary>
/// The discovery documents. OpenID appends its path to the issuer. RFC 8414 §3.1 inserts it between host and path: under a public URL with
/// a path this lies outside of it, so there the operator's proxy has to lead it here. On an application's own domain both are the same.
/// </summary>
public static class MetadataApi
{
    private const string OpenIdPath = ".well-known/openid-configuration";
    private const string OAuthPath = ".well-known/oauth-authorization-server";

    public static void MapProviderMetadata(this IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{ProviderRoutes.Prefix}/{OpenIdPath}", Show).WithSummary("Get the OpenID Connect discovery document.");
        routes.MapGet($"{ProviderRoutes.Prefix}/{OAuthPath}", Show).WithSummary("Get the same document, on an application's own domain.");
        routes.MapGet($"/{OAuthPath}{ProviderRoutes.Prefix}", Show).ExcludeFromDescription(); // the same by the path of RFC 8414
    }

    private static async Task<IResult> Show(
        string appId,
        HttpContext context,
        ApplicationCache applications,
        InstallationSettings installation,
        ProviderMetadata metadata
    ) =>
        await applications.Find(appId) is not { } application
            ? ApiResults.From(ErrorCodes.UnknownRoute)
            : CacheableResult.Json(await metadata.Write(application, IssuerAsked(context, application, installation)));

    /// <summary>
    /// The issuer that was asked for, as it must be the one in the answer: below the public URL it is that of the user JWTs, also where
    /// the provider has a domain of its own.
    /// </summary>
    private static string IssuerAsked(HttpContext context, Application application, InstallationSettings installation) =>
        application.Settings.IssuerDomain is { Length: > 0 } domain
        && domain.Equals(context.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
            ? $"https://{domain}"
            : installation.IssuerOf(application.Id);
}
