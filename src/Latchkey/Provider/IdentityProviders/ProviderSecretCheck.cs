using System.Security.Cryptography;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Whether the stored secret of a provider can be used.</summary>
public sealed class ProviderSecretCheck(KeyRing ring, TimeProvider clock)
{
    public ProviderCheckResult Run(IdentityProvider provider, ProviderTemplate template, IReadOnlyDictionary<string, string> values)
    {
        const string Name = "Secret";
        if (provider.SecretSealed.Length == 0)
        {
            return ProviderCheckResult.Problem(Name, "None is stored. Enter it below.");
        }

        if (Open(provider) is not { } secret)
        {
            return ProviderCheckResult.Problem(Name, "It was encrypted with a key that this server does not have. Enter it again.");
        }

        if (!template.SignsClientSecret)
        {
            return ProviderCheckResult.Good(Name, "One is stored. Whether it is right shows when somebody signs in.");
        }

        var (team, key) = (values.GetValueOrDefault(ProviderField.TeamId, ""), values.GetValueOrDefault(ProviderField.KeyId, ""));
        return AppleClientSecret.Create(team, key, provider.ClientId, secret, clock.Now()).Error is { } wrong
            ? ProviderCheckResult.Problem(Name, wrong.Message)
            : ProviderCheckResult.Good(Name, "A client secret can be made with the private key.");
    }

    private string? Open(IdentityProvider provider)
    {
        try
        {
            return ring.DecryptText(IdentityProvider.SecretPurpose(provider.Id), provider.SecretSealed);
        }
        catch (CryptographicException)
        {
            return null; // a key ring was lost, or the row changed
        }
    }
}
