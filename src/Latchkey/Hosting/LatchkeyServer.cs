using Latchkey.Activity.Metering;
using Latchkey.Activity.Usage;
using Latchkey.Api.Authentication;
using Latchkey.Api.Discovery;
using Latchkey.Api.Invitations;
using Latchkey.Api.Linking;
using Latchkey.Api.Login;
using Latchkey.Api.LoginCodes;
using Latchkey.Api.Passkeys;
using Latchkey.Api.PasswordReset;
using Latchkey.Api.Payments;
using Latchkey.Api.Profile;
using Latchkey.Api.Server;
using Latchkey.Api.Sessions;
using Latchkey.Api.Signup;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Applications.Domains;
using Latchkey.Applications.MessageProviders;
using Latchkey.Billing;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.HostedPages;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Operations;
using Latchkey.Portal;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Consents;
using Latchkey.Provider.Devices;
using Latchkey.Provider.Discovery;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.Logout;
using Latchkey.Provider.Resources;
using Latchkey.Provider.Tokens;
using Latchkey.Provider.UserInfo;
using Latchkey.Storage;
using Latchkey.Users.Sessions;

namespace Latchkey.Hosting;

/// <summary>The server's services, middleware and routes.</summary>
public static class LatchkeyServer
{
    /// <param name="services">The service collection.</param>
    /// <param name="installation">The settings.</param>
    /// <param name="busyTimeout">How long a write waits for another process's SQLite write lock.</param>
    public static void AddLatchkey(this IServiceCollection services, InstallationSettings installation, TimeSpan busyTimeout)
    {
        services.AddInstallation(installation, busyTimeout);
        services
            .AddHostedService<Telemetry>()
            .AddHostedService<DatabaseHeartbeat>()
            .AddHostedService<KeyRingWatcher>()
            .AddHostedService<ApplicationChangeListener>()
            .AddHostedService(all => all.GetRequiredService<InstallationProviderReloader>())
            .AddHostedService<OutboxWorker>()
            .AddHostedService<JobWorker>()
            .AddHostedService<DeferredWorker>()
            .AddHostedService<UsageWorker>()
            .AddHostedService<SessionUseWriter>()
            .AddHostedService<RemovalWorker>()
            .AddHostedService<LogoutWorker>()
            .AddHostedService<DomainProofWorker>()
            .AddHostedService<RetentionWorker>()
            .AddHostedService<NodeWorker>();
        if (installation.Billing is null)
        {
            services.AddHostedService<MeteringEnd>();
        }
        else
        {
            services.AddHostedService<BillingWorker>();
        }

        services.AddSingleton<ConnectionLimits>();
        services.AddCors(cors => cors.AddPolicy(Cors.Policy, policy => policy.Allow(installation.CorsOrigins)));
        services.AddPortal(installation);
        services.AddHostedPages();
    }

    public static void UseLatchkey(this WebApplication app)
    {
        app.UseWarmUp();
        app.UseOpenConnections();
        app.UseForwardedAddress();
        app.UseRequestPath();
        app.UseHeadAsGet();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<DrainRejectedBodyMiddleware>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UsePortalHost();
        app.UseOwnDomains();
        app.UseRouting();
        app.UseRouteValueDecoding();
        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments(PortalServices.Path, StringComparison.OrdinalIgnoreCase),
            others => others.UseQueryValidation() // the portal's pages have their own, behind their routing
        );
        app.UseCorsPolicy();
        app.UseMiddleware<TokenAuthenticationMiddleware>();
        app.UseDocs();
        app.UsePortal();
    }

    public static void MapLatchkey(this WebApplication app)
    {
        var appUser = app.MapGroup("/api/appuser").WithRequestValidation().WithRejectionLogging();
        appUser.MapApplication();
        appUser.MapSignup();
        appUser.MapLogin();
        appUser.MapLoginCodes();
        appUser.MapTwoFactor();
        appUser.MapSecondFactors();
        appUser.MapStepUp();
        appUser.MapPasskeys();
        appUser.MapSocialLogin();
        appUser.MapLinking();
        appUser.MapSessions();
        appUser.MapLogout();
        appUser.MapConsents();
        appUser.MapProviderLogin();
        appUser.MapInvitations();
        appUser.MapPasswordReset();
        appUser.MapProfile();
        appUser.MapStorage();
        var server = app.MapGroup("/api/server").RequiresToken(TokenKind.Secret).WithRequestValidation().WithRejectionLogging();
        server.MapServerApi();
        server.MapClients();
        server.MapResources();
        server.MapIdentityProviders();
        if (app.Services.GetRequiredService<InstallationSettings>().Billing is not null)
        {
            server.MapBilling();
            app.MapStripeWebhook();
        }

        var oauth = app.MapOAuthEndpoints();
        oauth.MapToken();
        oauth.MapPushedRequests();
        app.MapAuthorize();
        app.MapHostedPages();
        oauth.MapRevocation();
        oauth.MapIntrospection();
        oauth.MapUserInfo();
        app.MapProviderMetadata();
        oauth.MapDeviceAuthorization();
        app.MapKeys();
        app.MapDomainFiles();
        app.MapHealth();
        app.MapOpenApiDocument();
        app.MapGet("/", LandingPage.Show).ExcludeFromDescription();
        app.MapEmbeddedAssets();
    }
}
