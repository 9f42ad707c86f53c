using System.Text.Json;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Providers;

namespace Latchkey.Provider.Clients;

/// <summary>
/// The public keys of clients: in their settings, or at an address of theirs. Those of an address stay in memory for as long as it says,
/// and an unknown key id fetches again at most once a minute, as an address that failed does. If the address does not respond, known keys
/// stay in use. What one application fetches and keeps is bounded, and takes nothing from the others.
/// </summary>
public sealed partial class ClientKeys(HttpDelivery http, TimeProvider clock, ILogger<ClientKeys> log)
{
    /// <summary>Of an assertion without a key id, so many keys are tried.</summary>
    private const int MaxKeys = 20;

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCacheDuration = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly KeySetCache cache = new();

    /// <summary>The client's keys for signatures with this id; all of them, up to a bound, without one.</summary>
    public async Task<IReadOnlyList<JwsKey>> Find(Client client, string? keyId)
    {
        var settings = client.Settings;
        return Select(settings.JwksUri.Length == 0 ? Parse(settings.Jwks) : await FindAt(client.AppId, settings.JwksUri, keyId), keyId);
    }

    /// <summary>The usable keys of a JWK Set (RFC 7517 §5): RSA and P-256. Empty for anything else.</summary>
    public static IReadOnlyList<JwsKey> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                ? [.. keys.EnumerateArray().Take(MaxKeys).Select(Jwk.Read).OfType<JwsKey>().Where(key => key is RsaKey or EcKey)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return []; // the second: an unpaired surrogate in a name
        }
    }

    private static IReadOnlyList<JwsKey> Select(IReadOnlyList<JwsKey> keys, string? keyId) =>
        keyId is null ? keys : [.. keys.Where(key => key.KeyId == keyId)];

    /// <summary>The keys at an address with this id; all of them, up to a bound, without one.</summary>
    public async Task<IReadOnlyList<JwsKey>> Find(string appId, string url, string? keyId) =>
        Select(await FindAt(appId, url, keyId), keyId);

    private async Task<IReadOnlyList<JwsKey>> FindAt(string appId, string url, string? keyId)
    {
        Task<KeySet>? fetch;
        lock (gate)
        {
            var (now, set) = (clock.Now(), cache.Find(appId, url));
            if (set is not null && IsEnough(set, keyId, now))
            {
                return set.Keys;
            }

            if (!cache.TryFindFetch(appId, url, out fetch))
            {
                if (!cache.CanFetch(appId))
                {
                    return set?.Keys ?? []; // at once, so that nobody can pile up requests that wait
                }

                fetch = cache.AddFetch(appId, url, Task.Run(() => Fetch(appId, url, set, now)));
            }
        }

        return (await fetch).Keys;
    }

    /// <summary>Whether the set has the key, or was fetched so lately that nothing else can be there.</summary>
    private static bool IsEnough(KeySet set, string? keyId, long now) =>
        now - set.FetchedAt < MinRefreshInterval.TotalMilliseconds || (set.FreshUntil > now && Select(set.Keys, keyId).Count > 0);

    private async Task<KeySet> Fetch(string appId, string url, KeySet? before, long now)
    {
        KeySet? set = null;
        try
        {
            return set = await Read(url, before, now);
        }
        finally
        {
            lock (gate)
            {
                cache.EndFetch(appId, url, set);
            }
        }
    }

    private async Task<KeySet> Read(string url, KeySet? before, long now)
    {
        var fetched = await http.Get(new Uri(url));
        var keys = Parse(fetched.Body);
        if (fetched.Problem is null && keys.Count > 0)
        {
            var fresh = fetched.MaxAge ?? MinCacheDuration;
            fresh = fresh < MinCacheDuration ? MinCacheDuration : fresh;
            return new KeySet(keys, now, now + (long)Math.Min(fresh.TotalMilliseconds, KeySetCache.MaxDuration.TotalMilliseconds));
        }

        LogUnreadable(log, url, fetched.Problem ?? "no JWK Set with usable keys");
        return before is null ? new KeySet([], now, now) : before with { FetchedAt = now };
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys of a client at {Url} could not be read: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string url, string reason);
}
