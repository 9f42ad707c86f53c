using System.CommandLine;
using Latchkey.Activity.Usage;
using Latchkey.Api.Authentication;
using Latchkey.Api.Discovery;
using Latchkey.Api.Invitations;
using Latchkey.Api.Login;
using Latchkey.Api.PasswordReset;
using Latchkey.Api.Profile;
using Latchkey.Api.Server;
using Latchkey.Api.Signup;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Cli;
using Latchkey.Cli.Commands;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Hosting;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Portal;
using Latchkey.Portal.Account;
using Latchkey.Portal.Applications;
using Latchkey.Portal.Logs;
using Latchkey.Portal.Messages;
using Latchkey.Portal.Realm;

namespace Latchkey;

/// <summary>The table of contents: commands, services, middleware, routes.</summary>
public static class Program
{
    /// <summary>The server ends by itself when it is told to, in its own time; System.CommandLine would give it two seconds.</summary>
    public static Task<int> Main(string[] args) =>
        Commands().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

    public static RootCommand Commands() =>
        new("Latchkey is an authentication server for apps: sign-up, login, second factors and a portal to look after them.")
        {
            InstallationOptions.Data,
            InstallationOptions.Database,
            ServeCommand.Create(WebServer.Run),
            BackupCommands.Backup(),
            BackupCommands.Restore(),
            DoctorCommand.Create(),
            MaintenanceCommands.Migrate(),
            MaintenanceCommands.Version(),
            OperatorCommands.Create(),
            DeveloperCommands.Create(),
            ApplicationCommands.Create(
                DeletionCommands.Reset(),
                DeletionCommands.Delete(),
                MemberCommands.Create(),
                SigningKeyCommands.Create(),
                AppTokenCommands.Create(),
                AppSecretCommands.Create(),
                CosyncCommands.Import(),
                CosyncCommands.LegacyTokens()
            ),
            KeyRingCommands.Create(),
            LimitCommands.Create(),
            UserCommands.Create(ImportCommand.Create(), ExportCommand.Create()),
            MailboxCommand.Create(),
            TemplateCommands.Create(),
        };

    public static void AddServerServices(IServiceCollection services, InstallationSettings installation)
    {
        services
            .AddHostedService<Telemetry>()
            .AddHostedService<DatabaseHeartbeat>()
            .AddHostedService<KeyRingWatcher>()
            .AddHostedService<ApplicationChangeListener>()
            .AddHostedService<OutboxWorker>()
            .AddHostedService<JobWorker>()
            .AddHostedService<UsageWorker>()
            .AddHostedService<RetentionWorker>();
        services.AddCors(cors => cors.AddPolicy(Cors.Policy, policy => policy.Allow(installation.CorsOrigins)));
        services.AddOpenApiDocument(installation);
        services.AddPortal(installation);
        services
            .AddSingleton<TemplateSamples>()
            .AddSingleton<TemplatePreviewRenderer>()
            .AddSingleton<SettingsTestSender>()
            .AddSingleton<BrowserSignIn>();
    }

    public static void UseMiddleware(WebApplication app)
    {
        app.UseForwardedAddress();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<DrainRejectedBodyMiddleware>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseCollapseSlashes();
        app.UseRouting();
        app.UseCorsPolicies();
        app.UseMiddleware<TokenAuthenticationMiddleware>();
        app.UseDocs();
        app.UsePortal();
    }

    public static void MapRoutes(WebApplication app)
    {
        var appUser = app.MapGroup("/api/appuser").WithRequestValidation().WithRejectionLogging().RequireCors(Cors.Policy);
        appUser.MapApplication();
        appUser.MapSignup();
        appUser.MapLogin();
        appUser.MapTwoFactor();
        appUser.MapSocialLogin();
        appUser.MapLogout();
        appUser.MapInvitations();
        appUser.MapPasswordReset();
        appUser.MapProfile();
        app.MapGroup("/api/server").RequiresToken(TokenKind.Secret).WithRequestValidation().WithRejectionLogging().MapServerApi();
        app.MapKeys();
        app.MapHealth();
        app.MapOpenApi();
        app.MapPortal();
        app.MapMailPreview();
        app.MapTemplatePreview();
        app.MapProviderFile();
        app.MapLogDownloads();
        app.MapStaticAssets();
    }
}
