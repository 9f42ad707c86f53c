using System.CommandLine;
using Latchkey.AccountPages;
using Latchkey.ApplicationPages;
using Latchkey.Applications;
using Latchkey.Backup;
using Latchkey.Cli;
using Latchkey.Configuration;
using Latchkey.Contract;
using Latchkey.Credentials;
using Latchkey.Data;
using Latchkey.Developers;
using Latchkey.Discovery;
using Latchkey.Doctor;
using Latchkey.Erasure;
using Latchkey.Invitations;
using Latchkey.Jobs;
using Latchkey.KeyRotation;
using Latchkey.Login;
using Latchkey.LogPages;
using Latchkey.MailboxPages;
using Latchkey.Messages;
using Latchkey.MovingIn;
using Latchkey.PasswordReset;
using Latchkey.Portal;
using Latchkey.Profile;
using Latchkey.Realm;
using Latchkey.Server;
using Latchkey.ServerApi;
using Latchkey.Signup;
using Latchkey.SocialLogin;
using Latchkey.TemplatePages;
using Latchkey.Tenancy;
using Latchkey.Tokens;
using Latchkey.TwoFactor;
using Latchkey.Usage;
using Latchkey.UserAdmin;
using Latchkey.UserTransfer;

namespace Latchkey;

/// <summary>The table of contents: commands, services, middleware, routes.</summary>
public static class Program
{
    static Program() => LatchkeyCommand.OpenInstallation = InstallationServices.Open;

    /// <summary>The server ends by itself when it is told to, in its own time; System.CommandLine would give it two seconds.</summary>
    public static Task<int> Main(string[] args) => Commands().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

    public static RootCommand Commands() =>
        new("Latchkey is an authentication server for apps: sign-up, login, second factors and a portal to look after them.")
        {
            InstallationOptions.Data,
            InstallationOptions.Database,
            ServeCommand.Create(),
            BackupCommands.Backup(),
            BackupCommands.Restore(),
            DoctorCommand.Create(),
            SmallCommands.Migrate(),
            SmallCommands.Version(),
            OperatorCommands.Create(),
            DeveloperCommands.Create(),
            ApplicationCommands.Create(EraseCommands.Reset(), EraseCommands.Delete(), MemberCommands.Create(), SigningKeyCommands.Create(), AppTokenCommands.Create(), AppSecretCommands.Create(), MovingInCommands.Import(), MovingInCommands.OldTokens()),
            KeyRingCommands.Create(),
            LimitCommands.Create(),
            UserCommands.Create(ImportCommand.Create(), ExportCommand.Create()),
            MailboxCommand.Create(),
            TemplateCommands.Create(),
        };

    public static void AddServerServices(IServiceCollection services, Installation installation)
    {
        services.AddHostedService<Telemetry>().AddHostedService<DatabasePulse>().AddHostedService<KeyRingFollower>().AddHostedService<ApplicationFollower>().AddHostedService<OutboxWorker>().AddHostedService<JobWorker>().AddHostedService<UsageWorker>().AddHostedService<Cleaner>();
        services.AddCors(cors => cors.AddPolicy(Cors.Policy, policy => policy.Allow(installation.CorsOrigins)));
        services.AddOpenApiDocument(installation);
        services.AddPortal(installation);
        services.AddSingleton<TemplateSamples>().AddSingleton<TemplateFrame>().AddSingleton<SettingsTrial>().AddSingleton<SessionStart>();
    }

    public static void UseMiddleware(WebApplication app)
    {
        app.UseForwardedAddress();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<RefusedBody>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseDoubledSlashes();
        app.UseRouting();
        app.UseCorsPolicies();
        app.UseMiddleware<CallerMiddleware>();
        app.UseDocs();
        app.UsePortal();
    }

    public static void MapRoutes(WebApplication app)
    {
        var appUser = app.MapGroup("/api/appuser").InOrder().WithRefusalsLogged().RequireCors(Cors.Policy);
        appUser.MapApplication();
        appUser.MapSignup();
        appUser.MapLogin();
        appUser.MapTwoFactor();
        appUser.MapSocialLogin();
        appUser.MapLogout();
        appUser.MapInvitations();
        appUser.MapPasswordReset();
        appUser.MapProfile();
        app.MapGroup("/api/server").Takes(TokenKind.Secret).InOrder().WithRefusalsLogged().MapServerApi();
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
