using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Usage;
using Latchkey.Api.Authentication;
using Latchkey.Api.Invitations;
using Latchkey.Api.Login;
using Latchkey.Api.PasswordReset;
using Latchkey.Api.Profile;
using Latchkey.Api.Server;
using Latchkey.Api.Signup;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Members;
using Latchkey.Applications.Realm;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Messages.Templates;
using Latchkey.Operations.Backup;
using Latchkey.Operations.CosyncMigration;
using Latchkey.Operations.Erasure;
using Latchkey.Operations.KeyRotation;
using Latchkey.Operations.UserTransfer;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Operations;

/// <summary>Everything but the web server, for the server and the commands alike.</summary>
public static class InstallationServices
{
    /// <summary>Opens the installation for a command: services, schema, key ring.</summary>
    /// <exception cref="NotOpenedException">There is none, or not one that is good enough.</exception>
    public static async Task<ServiceProvider> Open(InstallationSettings installation, Opening opening = Opening.BringsUp)
    {
        if (opening != Opening.BringsUp && !Database.Exists(installation.DatabaseConnection))
        {
            throw NotOpenedException.Missing(installation.DatabaseConnection); // to open a file would make it
        }

        var services = new ServiceCollection().AddLogging().AddInstallation(installation).BuildServiceProvider();
        try
        {
            await Prepare(services, opening);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema up and makes sure that this key ring belongs to this database.</summary>
    /// <exception cref="NotOpenedException">The schema is not good enough for the opening.</exception>
    /// <exception cref="WrongKeyRingException">The key ring does not belong to the database.</exception>
    public static async Task Prepare(IServiceProvider services, Opening opening = Opening.BringsUp)
    {
        var database = services.GetRequiredService<Database>();
        var migrator = new Migrator(database);
        var (reached, newest) = (await migrator.Reached(), Migrator.NewestVersion(database.Dialect.Name));
        if (opening != Opening.BringsUp && reached == 0)
        {
            throw NotOpenedException.Missing(services.GetRequiredService<InstallationSettings>().DatabaseConnection);
        }

        if (opening == Opening.AsItIs)
        {
            return;
        }

        if (opening == Opening.Existing && reached < newest)
        {
            throw NotOpenedException.Older(reached, newest);
        }

        if (reached > 0 && reached < newest)
        {
            await database.KeepCopy(reached);
        }

        if (reached != newest)
        {
            await migrator.Run();
        }

        await Mark(services, database);
    }

    private static async Task Mark(IServiceProvider services, Database database)
    {
        var mark = await database.Read(KeyRingMark.Read);
        if (mark is not null && !services.GetRequiredService<KeyFolder>().HasKeys)
        {
            throw new WrongKeyRingException(); // before an own first key is made, which would outrank the right ones once they come
        }

        var ring = services.GetRequiredService<KeyRing>();
        mark ??= await database.Write(async db =>
        {
            var earlier = await KeyRingMark.Read(db); // another node was faster
            if (earlier is null)
            {
                await KeyRingMark.Write(db, ring);
            }

            return earlier;
        });
        if (mark is not null && !KeyRingMark.IsOf(ring, mark))
        {
            throw new WrongKeyRingException();
        }
    }

    /// <param name="services">Where to.</param>
    /// <param name="installation">How it is set up.</param>
    /// <param name="lockWait">How long a write waits while another process writes to SQLite; by default as commands do.</param>
    public static IServiceCollection AddInstallation(this IServiceCollection services, InstallationSettings installation, TimeSpan? lockWait = null)
    {
        services.AddSingleton(installation);
        services.AddSingleton(_ => Database.Open(installation.DatabaseConnection, installation.DatabaseListen, lockWait));
        services.AddSingleton(s => s.GetRequiredService<Database>().Clock);
        services.AddSingleton(s => s.GetRequiredService<Database>().Dialect);
        services.AddSingleton(_ => new KeyFolder(installation.KeyRingFolder, installation.KeysPassphrase));
        services.AddSingleton(s => KeyRing.Open(s.GetRequiredService<KeyFolder>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SigningKeys>().AddSingleton<InstallationTokens>();
        services.AddSingleton<ApplicationStore>().AddSingleton<SigningKeyStore>().AddSingleton<CredentialStore>().AddSingleton<MovedInStore>().AddSingleton<MemberStore>().AddSingleton<UserPlaceStore>().AddSingleton<InstallationLimitStore>().AddSingleton<InstallationLimitRules>().AddSingleton<ApplicationDirectory>().AddSingleton<ApplicationRules>().AddSingleton<ApplicationListStore>().AddSingleton<ApplicationList>();
        services.AddSingleton<StatusStore>().AddSingleton<ApplicationStatusRules>().AddSingleton<PetitionStore>().AddSingleton<Petitions>().AddSingleton<StatusMails>().AddSingleton(s => s.GetRequiredService<StatusMails>().News);
        services.AddSingleton<UserStore>().AddSingleton<SessionStore>().AddSingleton<UserJwt>().AddSingleton<SignIn>().AddSingleton<UserCodeStore>().AddSingleton<UserCodes>().AddSingleton<UserPlaces>().AddSingleton<UserRegistration>();
        services.AddSingleton<CredentialChange>().AddSingleton<SigningKeyRules>().AddSingleton<AppTokenRules>().AddSingleton<AppSecretRules>();
        services.AddSingleton<OldTokens>().AddSingleton<TokenResolver>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<LimitStore>().AddSingleton<RateLimits>().AddSingleton<CodeTries>().AddSingleton<CallCaps>().AddSingleton<LinesPerMinute>();
        services.AddSingleton<UsageStore>().AddSingleton<UserCountStore>().AddSingleton<UserCounts>().AddSingleton<UsageReport>();
        services.AddSingleton<AuditStore>().AddSingleton<InstallationLog>().AddSingleton<AuditLogStore>().AddSingleton<AuditLog>().AddSingleton<AuditExportStore>().AddSingleton<AuditExports>().AddSingleton<IJobKind, AuditExport>();
        services.AddSingleton<MessageStore>().AddSingleton<InstallationHealth>().AddSingleton<MessageProviders>().AddSingleton<MessageOutbox>().AddSingleton<Composer>().AddSingleton<MessageLimits>().AddSingleton<Notices>().AddSingleton<OutboundConnections>().AddSingleton<HttpDelivery>().AddSingleton<SmtpSender>().AddSingleton<SendGridSender>().AddSingleton<TwilioSender>().AddSingleton<WebhookSender>().AddSingleton<Senders>().AddSingleton<MessageAttempts>().AddSingleton<Mailbox>().AddSingleton<DeliveryLogStore>().AddSingleton<DeliveryLog>().AddSingleton<TemplateRules>().AddSingleton<TestSend>().AddSingleton<LocaleRules>();
        services.AddSingleton<SignupStore>().AddSingleton<SignupRules>().AddSingleton<SignupCompletion>().AddSingleton<SignupPages>();
        services.AddSingleton<InvitationStore>().AddSingleton<InviteRules>().AddSingleton<RegisterRules>();
        services.AddSingleton<ForgotPassword>().AddSingleton<ResetPassword>();
        services.AddSingleton<ProviderKeys>().AddSingleton<IdTokens>().AddSingleton<SocialRules>();
        services.AddSingleton<GoogleTwoFactor>().AddSingleton<PhoneTwoFactor>().AddSingleton<SecondFactor>();
        services.AddSingleton<LoginTries>().AddSingleton<LoginRules>().AddSingleton<AnonymousLogin>();
        services.AddSingleton<ProfileRules>().AddSingleton<ChangePassword>().AddSingleton<DeleteAccount>();
        services.AddSingleton<AppServicesClient>().AddSingleton<RealmStore>().AddSingleton<RealmRules>().AddSingleton<RealmUsers>();
        services.AddSingleton<SignupAdministration>().AddSingleton<InvitationAdministration>();
        services.AddSingleton<ListStore>().AddSingleton<UserListStore>().AddSingleton<UserList>().AddSingleton<UserChanges>().AddSingleton<UserAdministration>().AddSingleton<UserAdding>().AddSingleton<UserPasswords>().AddSingleton<UserMetadata>().AddSingleton<UserSessions>();
        services.AddSingleton<UserTransferStore>().AddSingleton<UserUpdate>().AddSingleton<UserImport>().AddSingleton<UserExport>();
        services.AddSingleton<CosyncSettings>().AddSingleton<CosyncApplicationReader>().AddSingleton<CosyncImport>().AddSingleton<OldServerRules>();
        services.AddSingleton<TokenVerification>();
        services.AddSingleton<DeveloperStore>().AddSingleton<DeveloperAccounts>().AddSingleton<MemberRules>().AddSingleton<PortalSessionStore>().AddSingleton<SecondFactorStore>().AddSingleton<DeveloperLinkStore>().AddSingleton<DeveloperInvitationStore>().AddSingleton<SignUpStore>();
        services.AddSingleton<PortalMails>().AddSingleton<PortalMailLimits>().AddSingleton<PasswordCheck>().AddSingleton<PortalSessions>().AddSingleton<PortalSignIn>().AddSingleton<PortalAuthenticator>();
        services.AddSingleton<AccountChanges>().AddSingleton<PortalPasswordReset>().AddSingleton<PortalSignUp>().AddSingleton<DeveloperInvitations>().AddSingleton<InvitationAnswers>().AddSingleton<DeveloperAdministration>();
        services.AddSingleton<SealedStore>().AddSingleton<RingUseStore>().AddSingleton<RingUse>().AddSingleton<KeyRingRotation>().AddSingleton<Resealing>();
        services.AddSingleton<BackupWriter>();
        services.AddSingleton<JobStore>().AddSingleton<JobQueue>();
        services.AddSingleton<ContentsStore>().AddSingleton<ApplicationContents>().AddSingleton<EraseSteps>().AddSingleton<EraseRules>().AddSingleton<IJobKind, ResetJob>().AddSingleton<IJobKind, DeleteJob>();
        return services;
    }
}
