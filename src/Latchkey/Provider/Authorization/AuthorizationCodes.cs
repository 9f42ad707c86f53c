using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Writes and reads authorization codes. A code is its content, encrypted under the key ring and bound to the application; the grant that
/// its first use stores makes every further use one too many (RFC 6749 §4.1.2).
/// </summary>
public sealed class AuthorizationCodes(KeyRing ring, TimeProvider clock)
{
    /// <summary>How long a code can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public string Write(Application application, AuthorizationCode code) =>
        ring.Encrypt(Purpose(application), JsonSerializer.SerializeToUtf8Bytes(code, ProviderJson.Default.AuthorizationCode));

    /// <summary>The code; null for what is none of this application. Whether it has expired is for the caller to check.</summary>
    public AuthorizationCode? Read(Application application, string text) =>
        ring.TryOpen(Purpose(application), text) is { } json
            ? JsonSerializer.Deserialize(json, ProviderJson.Default.AuthorizationCode)
            : null;

    public bool IsExpired(AuthorizationCode code) => code.ExpiresAt <= clock.Now();

    private static string Purpose(Application application) => $"authorization-code/{application.Id}";
}
