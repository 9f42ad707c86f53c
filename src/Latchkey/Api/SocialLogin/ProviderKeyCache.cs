using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Api.SocialLogin;

/// <summary>
/// The keys that Apple and Google sign ID tokens with. They stay in memory for as long as the provider says; an unknown key id fetches
/// again at most once a minute. If the provider does not respond, known keys stay in use.
/// </summary>
public sealed partial class ProviderKeyCache(InstallationSettings installation, TimeProvider clock, ILogger<ProviderKeyCache> log)
    : IDisposable
{
    private const int MaxResponseBytes = 256 * 1024;
    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCacheDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxCacheDuration = TimeSpan.FromHours(24);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxResponseBytes,
    };
    private readonly ConcurrentDictionary<string, KeySet> cache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SemaphoreSlim> refreshLocks = new(StringComparer.Ordinal)
    {
        [SocialProvider.Apple] = new(1, 1),
        [SocialProvider.Google] = new(1, 1),
    };

    /// <summary>The provider's key with this id, or null when it publishes none.</summary>
    public async Task<JwsKey?> Find(string provider, string keyId, CancellationToken stop)
    {
        var set = cache.GetValueOrDefault(provider);
        if (set is null || set.FreshUntil <= clock.Now() || !set.Keys.ContainsKey(keyId))
        {
            set = await Refresh(provider, keyId, stop);
        }

        return set?.Keys.GetValueOrDefault(keyId);
    }

    public void Dispose()
    {
        client.Dispose();
        refreshLocks[SocialProvider.Apple].Dispose();
        refreshLocks[SocialProvider.Google].Dispose();
    }

    private async Task<KeySet?> Refresh(string provider, string keyId, CancellationToken stop)
    {
        await refreshLocks[provider].WaitAsync(stop);
        try
        {
            var now = clock.Now();
            var set = cache.GetValueOrDefault(provider);
            var isMissing = set is null || set.FreshUntil <= now || !set.Keys.ContainsKey(keyId);
            var refreshedRecently = set is not null && now - set.FetchedAt < MinRefreshInterval.TotalMilliseconds;
            if (!isMissing || refreshedRecently)
            {
                return set;
            }

            return cache[provider] = await Fetch(provider, set, now);
        }
        finally
        {
            refreshLocks[provider].Release();
        }
    }

    /// <summary>Continues after the request that started it was aborted. Otherwise aborted requests would cause new fetches.</summary>
    private async Task<KeySet> Fetch(string provider, KeySet? before, long now)
    {
        var url = provider == SocialProvider.Apple ? installation.AppleKeysUrl : installation.GoogleKeysUrl;
        try
        {
            using var response = await client.GetAsync(url, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(CancellationToken.None));
            var keys = new Dictionary<string, JwsKey>(StringComparer.Ordinal);
            foreach (var jwk in document.RootElement.GetProperty("keys").EnumerateArray())
            {
                if (Jwk.Read(jwk) is (RsaKey or EcKey) and { KeyId: { } id } key)
                {
                    keys.TryAdd(id, key);
                }
            }

            return new KeySet(keys, now, now + (long)CacheDuration(response).TotalMilliseconds);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or OperationCanceledException
            )
        {
            LogUnreachable(log, url, e.Message);
            return before is null
                ? new KeySet(new Dictionary<string, JwsKey>(StringComparer.Ordinal), now, now)
                : before with
                {
                    FetchedAt = now,
                };
        }
    }

    private static TimeSpan CacheDuration(HttpResponseMessage response)
    {
        var maxAge = response.Headers.CacheControl?.MaxAge ?? MinCacheDuration;
        return maxAge < MinCacheDuration ? MinCacheDuration
            : maxAge > MaxCacheDuration ? MaxCacheDuration
            : maxAge;
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys at {Url} could not be read: {Reason}")]
    private static partial void LogUnreachable(ILogger log, Uri url, string reason);

    private sealed record KeySet(IReadOnlyDictionary<string, JwsKey> Keys, long FetchedAt, long FreshUntil);
}
