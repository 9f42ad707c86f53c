using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>The key ring, tokens and signing keys.</summary>
public static class CryptographyServices
{
    public static IServiceCollection AddCryptography(this IServiceCollection services, InstallationSettings installation) =>
        services
            .AddSingleton(_ => new KeyFolder(installation.KeyRingFolder, installation.KeysPassphrase))
            .AddSingleton(s => KeyRing.Open(s.GetRequiredService<KeyFolder>(), s.GetRequiredService<TimeProvider>()))
            .AddSingleton<SigningKeys>()
            .AddSingleton<InstallationTokens>();
}
