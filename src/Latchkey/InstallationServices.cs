using System.Security.Cryptography;
using Dapper;
using Latchkey.Applications;
using Latchkey.Audit;
using Latchkey.Configuration;
using Latchkey.Data;
using Latchkey.Developers;
using Latchkey.Discovery;
using Latchkey.Invitations;
using Latchkey.Limits;
using Latchkey.Login;
using Latchkey.Messages;
using Latchkey.PasswordReset;
using Latchkey.Passwords;
using Latchkey.Profile;
using Latchkey.Registration;
using Latchkey.ServerApi;
using Latchkey.Sessions;
using Latchkey.Signup;
using Latchkey.SocialLogin;
using Latchkey.Tenancy;
using Latchkey.Tokens;
using Latchkey.TwoFactor;
using Latchkey.UserAdmin;
using Latchkey.Users;

namespace Latchkey;

/// <summary>Everything but the web server, for the server and the commands alike.</summary>
public static class InstallationServices
{
    /// <summary>Opens the installation for a command: services, schema, key ring.</summary>
    public static async Task<ServiceProvider> Open(Installation installation)
    {
        var services = new ServiceCollection().AddLogging().AddInstallation(installation).BuildServiceProvider();
        await Prepare(services);
        return services;
    }

    /// <summary>Brings the schema up and makes sure that this key ring belongs to this database.</summary>
    /// <exception cref="WrongKeyRingException">It does not.</exception>
    public static async Task Prepare(IServiceProvider services)
    {
        var (database, ring) = (services.GetRequiredService<Database>(), services.GetRequiredService<KeyRing>());
        await new Migrator(database).Run();
        await database.Write(async db =>
        {
            var mark = await db.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = 'key_ring'");
            if (mark is null)
            {
                await db.ExecuteAsync("INSERT INTO installation (name, value) VALUES ('key_ring', @value)", new { value = ring.Seal("key_ring", "latchkey") });
                return;
            }

            try
            {
                ring.Open("key_ring", mark);
            }
            catch (CryptographicException)
            {
                throw new WrongKeyRingException();
            }
        });
    }

    public static IServiceCollection AddInstallation(this IServiceCollection services, Installation installation)
    {
        services.AddSingleton(installation);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => Database.Open(installation.DatabaseConnection));
        services.AddSingleton(s => s.GetRequiredService<Database>().Dialect);
        services.AddSingleton(s => KeyRing.Open(installation.KeyRingFolder, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SigningKeys>().AddSingleton<InstallationTokens>();
        services.AddSingleton<ApplicationStore>().AddSingleton<ApplicationDirectory>().AddSingleton<ApplicationRules>();
        services.AddSingleton<UserStore>().AddSingleton<SessionStore>().AddSingleton<UserJwt>().AddSingleton<SignIn>().AddSingleton<UserCodeStore>().AddSingleton<UserCodes>().AddSingleton<UserRegistration>();
        services.AddSingleton<TokenResolver>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<LimitStore>().AddSingleton<RateLimits>().AddSingleton<CodeTries>().AddSingleton<CallCaps>().AddSingleton<OncePerMinute>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<MessageStore>().AddSingleton<MessageProviders>().AddSingleton<Outbox>().AddSingleton<Composer>().AddSingleton<MessageLimits>().AddSingleton<Notices>().AddSingleton<HttpDelivery>().AddSingleton<SmtpSender>().AddSingleton<SendGridSender>().AddSingleton<TwilioSender>().AddSingleton<WebhookSender>().AddSingleton<Senders>().AddSingleton<Mailbox>().AddSingleton<TemplateRules>();
        services.AddSingleton<SignupStore>().AddSingleton<SignupRules>().AddSingleton<SignupCompletion>().AddSingleton<SignupPages>();
        services.AddSingleton<InvitationStore>().AddSingleton<InviteRules>().AddSingleton<RegisterRules>();
        services.AddSingleton<ForgotPassword>().AddSingleton<ResetPassword>();
        services.AddSingleton<ProviderKeys>().AddSingleton<IdTokens>().AddSingleton<SocialRules>();
        services.AddSingleton<GoogleTwoFactor>().AddSingleton<PhoneTwoFactor>().AddSingleton<SecondFactor>();
        services.AddSingleton<LoginTries>().AddSingleton<LoginRules>().AddSingleton<AnonymousLogin>();
        services.AddSingleton<ProfileRules>().AddSingleton<ChangePassword>().AddSingleton<DeleteAccount>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<TokenVerification>();
        services.AddSingleton<DeveloperStore>().AddSingleton<DeveloperAccounts>();
        return services;
    }
}
