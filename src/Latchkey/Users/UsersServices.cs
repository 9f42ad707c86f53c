using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Users.Administration;
using Latchkey.Users.Batches;
using Latchkey.Users.Identities;
using Latchkey.Users.Locales;
using Latchkey.Users.LoginCodes;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Search;
using Latchkey.Users.Sessions;
using Latchkey.Users.Timeline;

namespace Latchkey.Users;

/// <summary>Users of applications: registration, sessions, passwords and administration.</summary>
public static class UsersServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services) =>
        services
            .AddSingleton<ListStore>()
            .AddSingleton<UserStore>()
            .AddSingleton<UserIdentityStore>()
            .AddSingleton<UserListStore>()
            .AddSingleton<UserSearch>()
            .AddSingleton<SavedSearchStore>()
            .AddSingleton<SavedSearches>()
            .AddSingleton<UserList>()
            .AddSingleton<UserListCountStore>()
            .AddSingleton<UserListCounts>()
            .AddSingleton<SessionStore>()
            .AddSingleton<SessionGrantStore>()
            .AddSingleton<OwnedSessionStore>()
            .AddSingleton<GrantEnds>()
            .AddSingleton<SessionGrants>()
            .AddSingleton<SessionUses>()
            .AddSingleton<UserJwt>()
            .AddSingleton<SignIn>()
            .AddSingleton<ActivityCounter>()
            .AddSingleton<UserCodeStore>()
            .AddSingleton<UserCodes>()
            .AddSingleton<LoginCodeStore>()
            .AddSingleton<UserLoginCodes>()
            .AddSingleton<EarlierOwner>()
            .AddSingleton<RecoveryCodeStore>()
            .AddSingleton<UserRecoveryCodes>()
            .AddSingleton<RememberedDeviceStore>()
            .AddSingleton<RememberedDevices>()
            .AddSingleton<PasskeyStore>()
            .AddSingleton<PasskeyCeremony>()
            .AddSingleton<UserPasskeys>()
            .AddSingleton<AddressConfirmation>()
            .AddSingleton<UserQuota>()
            .AddSingleton<UserRegistration>()
            .AddSingleton<SignupStore>()
            .AddSingleton<InvitationStore>()
            .AddSingleton<PendingRequests>()
            .AddSingleton<SignupAdministration>()
            .AddSingleton<PasswordHasher>()
            .AddSingleton<MailedLink>()
            .AddSingleton<SecurityNotifications>()
            .AddSingleton<LocaleRules>()
            .AddSingleton<UserErasure>()
            .AddSingleton<UserChanges>()
            .AddSingleton<UserAdministration>()
            .AddSingleton<UserCreator>()
            .AddSingleton<UserPasswords>()
            .AddSingleton<UserMetadata>()
            .AddSingleton<UserSessions>()
            .AddSingleton<UserTimeline>()
            .AddSingleton<UserSecondFactors>()
            .AddSingleton<UserIdentities>()
            .AddSingleton<UserBatchChange>()
            .AddSingleton<UserBatches>()
            .AddSingleton<IJobHandler, UserBatchJob>()
            .AddSingleton<AnonymousUserRetention>()
            .AddRetention<SessionStore>((store, run) => run.RemoveInBatches(db => store.EndExpired(db, run.Now, RetentionRun.BatchSize)))
            .AddRetention<SessionStore>(
                (store, run) =>
                    run.RemoveInBatches(db => store.RemoveEnded(db, run.Before(SessionStore.EndedRetention), RetentionRun.BatchSize))
            )
            .AddRetention<SignupStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.ExpiredCodesBefore, RetentionRun.BatchSize))
            )
            .AddRetention<InvitationStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.ExpiredCodesBefore, RetentionRun.BatchSize))
            )
            .AddRetention<UserCodeStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.ExpiredCodesBefore, RetentionRun.BatchSize))
            )
            .AddRetention<LoginCodeStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.ExpiredCodesBefore, RetentionRun.BatchSize))
            )
            .AddRetention<RememberedDeviceStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Now, RetentionRun.BatchSize))
            )
            .AddRetention<PasskeyStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpiredChallenges(db, run.Now, RetentionRun.BatchSize))
            )
            .AddRetention<AnonymousUserRetention>((users, run) => users.RemoveInactive(run));
}
