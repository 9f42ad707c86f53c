using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Portal.Account;
using Latchkey.Portal.Applications;
using Latchkey.Portal.Billing;
using Latchkey.Portal.Branding;
using Latchkey.Portal.FirstSteps;
using Latchkey.Portal.Logs;
using Latchkey.Portal.Messages;
using Latchkey.Portal.Navigation;
using Latchkey.Portal.Realm;
using Latchkey.Portal.Settings;
using Latchkey.Portal.Storage;
using Latchkey.Portal.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace Latchkey.Portal;

/// <summary>The portal's services, middleware and routes. A feature's own pages are found by their @page.</summary>
public static class PortalServices
{
    public const string Path = "/portal";

    /// <summary>
    /// Without these marks WebApplication puts authentication and authorization before everything, for calls of apps too
    /// (WebApplicationBuilder.ConfigureApplication).
    /// </summary>
    private static readonly string[] MiddlewareMarkers = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static void AddPortal(this IServiceCollection services, InstallationSettings installation)
    {
        var cookies = new PortalCookie(installation);
        services
            .AddSingleton(cookies)
            .AddSingleton<RejectedFormLog>()
            .AddSingleton<BrowserSignIn>()
            .AddSingleton<SignInDestination>()
            .AddSingleton<FlashCookie>();
        services.AddSingleton<HiddenFirstSteps>();
        services.AddSingleton(new PathBase(new Uri(installation.PortalUrl)));
        services.AddSingleton<RecentApplications>().AddSingleton<PortalSearch>();
        services.AddSingleton<TemplateSamples>().AddSingleton<TemplatePreviewRenderer>().AddSingleton<SettingsTestSender>();
        services.AddAuthentication().AddScheme<PortalAuthenticationOptions, PortalAuthentication>(PortalAuthentication.SchemeName, null);
        services.AddAuthorization(options =>
            options.AddPolicy(
                PortalAccessRequirement.Policy,
                policy =>
                    policy
                        .AddAuthenticationSchemes(PortalAuthentication.SchemeName)
                        .RequireAuthenticatedUser()
                        .AddRequirements(new PortalAccessRequirement())
            )
        );
        services.AddSingleton<IAuthorizationHandler, PortalAccessHandler>();
        services.AddSingleton<IDataProtectionProvider>(s => new KeyRingDataProtectionProvider(s.GetRequiredService<KeyRing>()));
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie = cookies.Options(PortalCookie.Antiforgery);
            options.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });

        // Ours needs no key files, so the one that would make them at start goes.
        foreach (
            var start in services
                .Where(s =>
                    s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly
                )
                .ToList()
        )
        {
            services.Remove(start);
        }
    }

    /// <summary>The first request below /portal maps the pages. A start is faster, and an idle server smaller without them.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseMiddleware<NotFoundPageMiddleware>();
        foreach (var mark in MiddlewareMarkers)
        {
            ((IApplicationBuilder)app).Properties[mark] = true;
        }

        app.UseLazyBranch(
            Path,
            portal =>
            {
                portal.UseRouting();
                portal.UseRouteValueDecoding();
                portal.UseQueryValidation();
                portal
                    .UseMiddleware<PortalHeadersMiddleware>()
                    .UseMiddleware<SameOriginMiddleware>()
                    .UseMiddleware<FormBufferingMiddleware>();
                portal.UseAuthentication();
                portal.UseAuthorization();
                portal.UseAntiforgery();
                portal
                    .UseMiddleware<RequireAntiforgeryMiddleware>()
                    .UseMiddleware<RequiredFactorMiddleware>()
                    .UseMiddleware<StepUpMiddleware>();
                portal.UseEndpoints(MapPortal);
            }
        );
    }

    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(SignOut.Path, SignOut.Post).RequireAuthorization(PortalAccessRequirement.Policy).ExcludeFromDescription();
        PortalSearch.MapPortalSearch(routes);
        routes.MapMailPreview();
        routes.MapTemplatePreview();
        routes.MapBrandPreview();
        routes.MapMovedSettings();
        routes.MapProviderFile();
        routes.MapLogDownloads();
        routes.MapOpenFile();
        routes.MapUserDownloads();
        routes.MapInvoiceDownloads();
        routes.MapRazorComponents<App>().WithMetadata(new ErrorPage(), EmbeddedAssets.VersionedPaths);
    }
}
