using System.Collections.Concurrent;
using Latchkey.Cryptography;

namespace Latchkey.Storage;

/// <summary>Opens buckets, and keeps them open for the next request. The SDK is loaded when the first is opened.</summary>
public sealed class Buckets(KeyRing ring, StorageHttp http)
{
    private const int MaxOpen = 500;

    private readonly ConcurrentDictionary<string, Bucket> open = new(StringComparer.Ordinal);

    public Bucket Open(StorageSettings settings)
    {
        if (open.TryGetValue(settings.AppId, out var known) && known.Settings == settings)
        {
            return known;
        }

        if (open.Count >= MaxOpen)
        {
            open.Clear();
        }

        var secret = ring.DecryptText(StorageSettings.SecretPurpose(settings.AppId), settings.SecretSealed);
        return open[settings.AppId] = new Bucket(settings, secret, http.Client);
    }
}
