using Latchkey.Applications.Settings;
using Latchkey.Core.Configuration;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Where providers send browsers back to.</summary>
public static class ProviderCallback
{
    /// <summary>The address that a developer enters at the provider.</summary>
    public static string Of(InstallationSettings installation, ApplicationSettings settings, string appId, string alias) =>
        Of(settings.IssuerDomain is { Length: > 0 } domain ? $"https://{domain}" : installation.IssuerOf(appId), alias);

    /// <param name="issuer">The application's, without a trailing slash.</param>
    public static string Of(string issuer, string alias) => $"{issuer}/login/via/{alias}/callback";
}
