namespace Latchkey.Provider.IdentityProviders;

/// <summary>Signing in with other providers.</summary>
public static class IdentityProviderServices
{
    public static IServiceCollection AddIdentityProviders(this IServiceCollection services) =>
        services
            .AddSingleton<IdentityProviderDraft>()
            .AddSingleton<IdentityProviderRules>()
            .AddSingleton<ProviderSecretCheck>()
            .AddSingleton<ProviderCheck>();
}
