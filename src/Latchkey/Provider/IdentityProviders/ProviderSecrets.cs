using System.Net.Http.Headers;
using System.Text;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>How this server proves itself at providers.</summary>
public sealed class ProviderSecrets(KeyRing ring, TimeProvider clock)
{
    /// <summary>Proves the client, in the form or the header (RFC 6749 §2.3.1). 852 when the secret cannot be made.</summary>
    public Error? AddTo(
        IdentityProvider provider,
        ProviderTemplate template,
        ProviderEndpoints endpoints,
        HttpRequestMessage request,
        Dictionary<string, string> form
    )
    {
        if (ReadSecret(provider, template).Failed(out var secret, out var unusable))
        {
            return unusable;
        }

        if (secret.Length > 0 && PlacementOf(template, endpoints) == SecretPlacement.Basic)
        {
            // RFC 6749 §2.3.1: both as in a form
            var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
            return null;
        }

        form[template.ClientIdParameter] = provider.ClientId;
        if (secret.Length > 0)
        {
            form["client_secret"] = secret;
        }

        return null;
    }

    /// <summary>Empty for a client without one.</summary>
    private Result<string> ReadSecret(IdentityProvider provider, ProviderTemplate template)
    {
        var secret =
            provider.SecretSealed.Length > 0 ? ring.DecryptText(IdentityProvider.SecretPurpose(provider.Id), provider.SecretSealed) : "";
        if (!template.SignsClientSecret)
        {
            return secret;
        }

        var fields = provider.FieldValues;
        var made = AppleClientSecret.Create(
            fields.GetValueOrDefault(ProviderField.TeamId, ""),
            fields.GetValueOrDefault(ProviderField.KeyId, ""),
            provider.ClientId,
            secret,
            clock.Now()
        );
        return made.Failed(out var signed, out var unusable) ? ProviderProblem.Failed(unusable.Message) : signed;
    }

    /// <summary>As the template says, unless the provider says that it takes the other only.</summary>
    private static SecretPlacement PlacementOf(ProviderTemplate template, ProviderEndpoints endpoints) =>
        endpoints.SecretMethods is not { } methods ? template.SecretPlacement
        : template.SecretPlacement == SecretPlacement.Post && !methods.Contains("client_secret_post", StringComparer.Ordinal)
            ? SecretPlacement.Basic
        : template.SecretPlacement == SecretPlacement.Basic
        && !methods.Contains("client_secret_basic", StringComparer.Ordinal)
        && methods.Contains("client_secret_post", StringComparer.Ordinal)
            ? SecretPlacement.Post
        : template.SecretPlacement;
}
