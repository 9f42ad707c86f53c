using Latchkey.Applications.Domains;
using Latchkey.Applications.Status;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Accounts;

/// <summary>Portal accounts of developers and operators.</summary>
public static class AccountsServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) =>
        services
            .AddSingleton<DeveloperStore>()
            .AddSingleton<DeveloperAccounts>()
            .AddSingleton<MemberRules>()
            .AddSingleton<PortalSessionStore>()
            .AddSingleton<SecondFactorStore>()
            .AddSingleton<DeveloperLinkStore>()
            .AddSingleton<DeveloperInvitationStore>()
            .AddSingleton<PortalSettingStore>()
            .AddSingleton<PortalMailLimits>()
            .AddSingleton<Reauthentication>()
            .AddSingleton<PortalSessions>()
            .AddSingleton<PortalSignIn>()
            .AddSingleton<PortalCodes>()
            .AddSingleton<PortalAuthenticator>()
            .AddSingleton<DeveloperPasskeyStore>()
            .AddSingleton<PortalRelyingParty>()
            .AddSingleton<PortalPasskeyProofs>()
            .AddSingleton<PortalPasskeyRegistration>()
            .AddSingleton<OwnAccountChanges>()
            .AddSingleton<PortalPasskeys>()
            .AddSingleton<PortalPasskeySignIn>()
            .AddSingleton<PortalStepUp>()
            .AddSingleton<SecondFactorRequirement>()
            .AddSingleton<AccountChanges>()
            .AddSingleton<PortalPasswordReset>()
            .AddSingleton<PortalResetMailer>()
            .AddSingleton<IDeferredWork>(services => services.GetRequiredService<PortalResetMailer>())
            .AddSingleton<PortalSignUp>()
            .AddSingleton<DeveloperInvitations>()
            .AddSingleton<InvitationAcceptance>()
            .AddSingleton<DeveloperAdministration>()
            .AddSingleton<IStatusNotifier, StatusMailer>()
            .AddSingleton<IDomainNotifier, DomainMailer>()
            .AddRetention<PortalSessionStore>((store, run) => run.Remove(db => store.RemoveExpired(db, run.Now)))
            .AddRetention<DeveloperPasskeyStore>((store, run) => run.Remove(db => store.RemoveExpiredChallenges(db, run.Now)))
            .AddRetention<DeveloperLinkStore>((store, run) => run.Remove(db => store.RemoveExpired(db, run.Now)))
            .AddRetention<DeveloperInvitationStore>((store, run) => run.Remove(db => store.RemoveExpired(db, run.Now)));
}
