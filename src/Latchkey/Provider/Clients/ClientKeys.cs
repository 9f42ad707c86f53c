using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Providers;

namespace Latchkey.Provider.Clients;

/// <summary>
/// The public keys of clients: in their settings, or at an address of theirs. Those of an address stay in memory for as long as it says,
/// and an unknown key id fetches again at most once a minute. If the address does not respond, known keys stay in use.
/// </summary>
public sealed partial class ClientKeys(HttpDelivery http, TimeProvider clock, ILogger<ClientKeys> log) : IDisposable
{
    /// <summary>Of an assertion without a key id, so many keys are tried.</summary>
    private const int MaxKeys = 20;

    /// <summary>The addresses in memory; the one that was fetched longest ago makes room.</summary>
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCacheDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxCacheDuration = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, KeySet> cache = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The client's keys for signatures with this id; all of them, up to a bound, without one.</summary>
    public async Task<IReadOnlyList<JwsKey>> Find(Client client, string? keyId)
    {
        var settings = client.Settings;
        if (settings.JwksUri.Length == 0)
        {
            return Select(Parse(settings.Jwks), keyId);
        }

        var set = cache.GetValueOrDefault(settings.JwksUri);
        return Select((IsEnough(set, keyId) ? set : await Refresh(settings.JwksUri, keyId))?.Keys ?? [], keyId);
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
        catch (JsonException)
        {
            return [];
        }
    }

    public void Dispose() => Array.ForEach(gates, gate => gate.Dispose());

    private static IReadOnlyList<JwsKey> Select(IReadOnlyList<JwsKey> keys, string? keyId) =>
        keyId is null ? keys : [.. keys.Where(key => key.KeyId == keyId)];

    private bool IsEnough(KeySet? set, string? keyId) =>
        set is not null && set.FreshUntil > clock.Now() && Select(set.Keys, keyId).Count > 0;

    private async Task<KeySet?> Refresh(string url, string? keyId)
    {
        var gate = gates[(uint)StringComparer.Ordinal.GetHashCode(url) % gates.Length];
        await gate.WaitAsync();
        try
        {
            var (now, set) = (clock.Now(), cache.GetValueOrDefault(url));
            return IsEnough(set, keyId) || (set is not null && now - set.FetchedAt < MinRefreshInterval.TotalMilliseconds)
                ? set
                : Keep(url, await Fetch(url, set, now));
        }
        finally
        {
            gate.Release();
        }
    }

    private KeySet Keep(string url, KeySet set)
    {
        if (cache.Count >= MaxAddresses && !cache.ContainsKey(url))
        {
            cache.TryRemove(cache.MinBy(entry => entry.Value.FetchedAt).Key, out _);
        }

        return cache[url] = set;
    }

    private async Task<KeySet> Fetch(string url, KeySet? before, long now)
    {
        var fetched = await http.Get(new Uri(url));
        var keys = Parse(fetched.Body);
        if (fetched.Problem is null && keys.Count > 0)
        {
            var fresh = fetched.MaxAge ?? MinCacheDuration;
            fresh = fresh < MinCacheDuration ? MinCacheDuration : fresh;
            return new KeySet(keys, now, now + (long)Math.Min(fresh.TotalMilliseconds, MaxCacheDuration.TotalMilliseconds));
        }

        LogUnreadable(log, url, fetched.Problem ?? "no JWK Set with usable keys");
        return before is null ? new KeySet([], now, now) : before with { FetchedAt = now };
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys of a client at {Url} could not be read: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string url, string reason);

    private sealed record KeySet(IReadOnlyList<JwsKey> Keys, long FetchedAt, long FreshUntil);
}
