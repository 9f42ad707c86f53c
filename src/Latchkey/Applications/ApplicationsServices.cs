using Latchkey.Applications.Branding;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Domains;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Members;
using Latchkey.Applications.MessageProviders;
using Latchkey.Applications.Realm;
using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Applications: settings, status, members, credentials and Realm applications.</summary>
public static class ApplicationsServices
{
    public static IServiceCollection AddApplications(this IServiceCollection services) =>
        services
            .AddSingleton<ApplicationStore>()
            .AddSingleton<DomainStore>()
            .AddSingleton<DomainRules>()
            .AddSingleton<ApplicationDomains>()
            .AddSingleton<DomainRequestStore>()
            .AddSingleton<DomainRequests>()
            .AddSingleton<DomainProof>()
            .AddSingleton<SigningKeyStore>()
            .AddSingleton<CredentialStore>()
            .AddSingleton<LegacyCredentialStore>()
            .AddSingleton<MemberStore>()
            .AddSingleton<ResourceStore>()
            .AddSingleton<ResourceRules>()
            .AddSingleton<IdentityProviderStore>()
            .AddSingleton<BrandStore>()
            .AddSingleton<TemplateVersionStore>()
            .AddSingleton<BrandRules>()
            .AddSingleton<UserQuotaStore>()
            .AddSingleton<InstallationLimitStore>()
            .AddSingleton<InstallationLimitRules>()
            .AddSingleton<InstallationProviderStore>()
            .AddSingleton<InstallationProviders>()
            .AddSingleton<InstallationProviderRules>()
            .AddSingleton<InstallationProviderReloader>()
            .AddSingleton<SettingChecks>()
            .AddSingleton<ApplicationLoader>()
            .AddSingleton<ApplicationCache>()
            .AddSingleton<ApplicationEditor>()
            .AddSingleton<ApplicationCreator>()
            .AddSingleton<ApplicationRules>()
            .AddSingleton<InitialCredentials>()
            .AddSingleton<ApplicationListStore>()
            .AddSingleton<ApplicationList>()
            .AddSingleton<StatusStore>()
            .AddSingleton<JwtSwitchStore>()
            .AddSingleton<ApplicationStatusRules>()
            .AddSingleton<PetitionStore>()
            .AddSingleton<Petitions>()
            .AddSingleton<CredentialUpdater>()
            .AddSingleton<SigningKeyRules>()
            .AddSingleton<AppTokenRules>()
            .AddSingleton<AppSecretRules>()
            .AddSingleton<AppServicesClient>()
            .AddSingleton<RealmStore>()
            .AddSingleton<RealmRules>()
            .AddSingleton<RealmUsers>()
            .AddRetention<CredentialStore>((store, run) => run.Remove(db => store.RemoveEnded(db, run.Now)))
            .AddRetention<SigningKeyRules>((rules, _) => rules.RemoveEnded());
}
