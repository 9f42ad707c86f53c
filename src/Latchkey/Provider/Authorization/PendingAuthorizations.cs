using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Authorization;

/// <summary>Seals and opens <see cref="PendingAuthorization"/>.</summary>
public sealed class PendingAuthorizations(KeyRing ring, TimeProvider clock)
{
    public string Write(Application application, PendingAuthorization pending) =>
        ring.Encrypt(Purpose(application), JsonSerializer.SerializeToUtf8Bytes(pending, ProviderJson.Default.PendingAuthorization));

    /// <summary>The request; null for what is none of this application, or has expired.</summary>
    public PendingAuthorization? Read(Application application, string text) =>
        ring.TryOpen(Purpose(application), text) is { } json
        && JsonSerializer.Deserialize(json, ProviderJson.Default.PendingAuthorization) is { } pending
        && pending.ExpiresAt > clock.Now()
            ? pending
            : null;

    private static string Purpose(Application application) => $"pending-authorization/{application.Id}";
}
