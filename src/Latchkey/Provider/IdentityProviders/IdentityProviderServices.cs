using Latchkey.Data;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Signing in with other providers.</summary>
public static class IdentityProviderServices
{
    public static IServiceCollection AddIdentityProviders(this IServiceCollection services) =>
        services
            .AddSingleton<IdentityProviderDraft>()
            .AddSingleton<IdentityProviderRules>()
            .AddSingleton<ProviderSecretCheck>()
            .AddSingleton<ProviderCheck>()
            .AddSingleton<ProviderDiscovery>()
            .AddSingleton<ProviderIdTokens>()
            .AddSingleton<ProviderSecrets>()
            .AddSingleton<ProviderExchange>()
            .AddSingleton<ProviderSignInStore>()
            .AddSingleton<PendingSignIns>()
            .AddSingleton<ProviderSignIn>()
            .AddSingleton<ProviderSignUp>()
            .AddSingleton<AppSignIn>()
            .AddSingleton<ProviderAddressProof>()
            .AddRetention<ProviderSignInStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Now, RetentionRun.BatchSize))
            );
}
