using System.CommandLine;
using Latchkey.Applications;
using Latchkey.Cli;
using Latchkey.Configuration;
using Latchkey.Contract;
using Latchkey.Developers;
using Latchkey.Discovery;
using Latchkey.Invitations;
using Latchkey.Login;
using Latchkey.MailboxPages;
using Latchkey.Messages;
using Latchkey.PasswordReset;
using Latchkey.Portal;
using Latchkey.Profile;
using Latchkey.Server;
using Latchkey.ServerApi;
using Latchkey.Signup;
using Latchkey.SocialLogin;
using Latchkey.Tenancy;
using Latchkey.TwoFactor;
using Latchkey.UserAdmin;

namespace Latchkey;

/// <summary>The table of contents: commands, services, middleware, routes.</summary>
public static class Program
{
    static Program() => LatchkeyCommand.OpenInstallation = InstallationServices.Open;

    public static Task<int> Main(string[] args) => Commands().Parse(args).InvokeAsync();

    public static RootCommand Commands() =>
        new("Latchkey is an authentication server for apps: sign-up, login, second factors and a portal to look after them.")
        {
            InstallationOptions.Data,
            InstallationOptions.Database,
            ServeCommand.Create(),
            SmallCommands.Migrate(),
            SmallCommands.Version(),
            OperatorCommands.Create(),
            ApplicationCommands.Create(),
            UserCommands.Create(),
            MailboxCommand.Create(),
            TemplateCommands.Create(),
        };

    public static void AddServerServices(IServiceCollection services, Installation installation)
    {
        services.AddHostedService<Telemetry>().AddHostedService<ApplicationFollower>().AddHostedService<OutboxWorker>().AddHostedService<Cleaner>();
        services.AddCors(cors => cors.AddPolicy(Cors.Policy, policy => policy.Allow(installation.CorsOrigins)));
        services.AddOpenApiDocument(installation);
        services.AddPortal(installation);
    }

    public static void UseMiddleware(WebApplication app)
    {
        app.UseForwardedAddress();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseDoubledSlashes();
        app.UseRouting();
        app.UseCors();
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
        app.MapStaticAssets();
    }
}
