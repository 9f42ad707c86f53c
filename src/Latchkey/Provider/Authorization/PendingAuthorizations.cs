using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Authorization;

/// <summary>Seals and opens <see cref="PendingAuthorization"/>.</summary>
public sealed class PendingAuthorizations(KeyRing ring, TimeProvider clock)
{
    /// <summary>
    /// Sealed JSON is never part of a page, so a query in it can stay short: the default encoder would escape each ampersand.
    /// </summary>
    private static readonly ProviderJson Json = new(
        new JsonSerializerOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        }
    );

    public string Write(Application application, PendingAuthorization pending) =>
        ring.Encrypt(Purpose(application), JsonSerializer.SerializeToUtf8Bytes(pending, Json.PendingAuthorization));

    /// <summary>The request; null for what is none of this application, or has expired.</summary>
    public PendingAuthorization? Read(Application application, string text) =>
        ring.TryOpen(Purpose(application), text) is { } json
        && JsonSerializer.Deserialize(json, ProviderJson.Default.PendingAuthorization) is { } pending
        && pending.ExpiresAt > clock.Now()
            ? pending
            : null;

    private static string Purpose(Application application) => $"pending-authorization/{application.Id}";
}
