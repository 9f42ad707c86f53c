using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Consents;
using Latchkey.Provider.Devices;
using Latchkey.Provider.Discovery;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.Logout;
using Latchkey.Provider.Sessions;
using Latchkey.Provider.Tokens;
using Latchkey.Provider.UserInfo;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider;

/// <summary>Every application is an OpenID provider: clients, authorization, tokens, logout.</summary>
public static class ProviderServices
{
    public static IServiceCollection AddProvider(this IServiceCollection services) =>
        services
            .AddSingleton<Issuers>()
            .AddSingleton<DpopNonces>()
            .AddSingleton<DpopProofs>()
            .AddSingleton<TokenBinding>()
            .AddSingleton<ExchangeReader>()
            .AddSingleton<ExchangeGrant>()
            .AddDevices()
            .AddIdentityProviders()
            .AddSingleton<ClientStore>()
            .AddSingleton<ClientRules>()
            .AddSingleton<ProviderErasure>()
            .AddSingleton<ClientSecretRules>()
            .AddSingleton<ClientDeletion>()
            .AddSingleton<ConsentStore>()
            .AddSingleton<UsedTokenStore>()
            .AddSingleton<ConsentRules>()
            .AddSingleton<LogoutNoticeStore>()
            .AddSingleton<LogoutTokens>()
            .AddSingleton<BackChannelLogout>()
            .AddSingleton<LogoutRules>()
            .AddSingleton<AuthorizationCodes>()
            .AddSingleton<PendingAuthorizations>()
            .AddSingleton<AuthorizationStore>()
            .AddSingleton<AuthorizationFlow>()
            .AddSingleton<AuthorizationLog>()
            .AddSingleton<PushedRequests>()
            .AddSingleton<ProviderCookies>()
            .AddSingleton<BrowserSessions>()
            .AddSingleton<BrowserSignIn>()
            .AddSingleton<AccessTokens>()
            .AddSingleton<IdTokens>()
            .AddSingleton<ClientAuthentication>()
            .AddSingleton<ClientAssertions>()
            .AddSingleton<ClientKeys>()
            .AddSingleton<NamedGrants>()
            .AddSingleton<TokenRules>()
            .AddSingleton<TokenIssuer>()
            .AddSingleton<CodeGrant>()
            .AddSingleton<CodeUses>()
            .AddSingleton<CodeUseStore>()
            .AddSingleton<RefreshGrant>()
            .AddSingleton<ClientCredentialsGrant>()
            .AddSingleton<LiveTokens>()
            .AddSingleton<UserInfoRules>()
            .AddSingleton<RevocationRules>()
            .AddSingleton<IntrospectionRules>()
            .AddSingleton<ProviderMetadata>()
            .AddSingleton<DeviceClients>()
            .AddRetention<UsedTokenStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Now, RetentionRun.BatchSize))
            )
            .AddRetention<LogoutNoticeStore>(
                (store, run) =>
                    run.RemoveInBatches(db => store.RemoveOld(db, run.Before(SessionStore.EndedRetention), RetentionRun.BatchSize))
            )
            .AddRetention<SessionGrantStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Now, RetentionRun.BatchSize))
            );
}
