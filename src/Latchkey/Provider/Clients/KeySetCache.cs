using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Provider.Clients;

/// <summary>
/// The key sets in memory and the fetches under way, each application's by themselves. Not for several threads at a time.
/// </summary>
public sealed class KeySetCache
{
    /// <summary>How many addresses of one application are kept, those that failed too; the one that was fetched longest ago makes
    /// room.</summary>
    public const int MaxPerApplication = 50;

    /// <summary>How many addresses of one application are fetched at the same time.</summary>
    public const int MaxFetches = 4;

    /// <summary>How many are kept of all applications. What is old makes room; nothing that another application uses does.</summary>
    private const int MaxAddresses = 2000;

    /// <summary>No keys are used longer than this without another look.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Part> applications = new(StringComparer.Ordinal);
    private int count;

    public KeySet? Find(string appId, string url) => applications.GetValueOrDefault(appId)?.Sets.GetValueOrDefault(url);

    /// <summary>The fetch that is under way; false for none.</summary>
    public bool TryFindFetch(string appId, string url, [NotNullWhen(true)] out Task<KeySet>? fetch)
    {
        fetch = null;
        return applications.TryGetValue(appId, out var part) && part.Fetches.TryGetValue(url, out fetch);
    }

    public bool CanFetch(string appId) => applications.GetValueOrDefault(appId) is not { Fetches.Count: >= MaxFetches };

    public Task<KeySet> AddFetch(string appId, string url, Task<KeySet> fetch)
    {
        if (!applications.TryGetValue(appId, out var part))
        {
            applications[appId] = part = new Part();
        }

        return part.Fetches[url] = fetch;
    }

    /// <param name="set">What was found; null when the fetch broke off.</param>
    public void EndFetch(string appId, string url, KeySet? set)
    {
        var part = applications[appId];
        if (set is not null)
        {
            Keep(part, url, set);
        }

        part.Fetches.Remove(url);

        if (part is { Sets.Count: 0, Fetches.Count: 0 })
        {
            applications.Remove(appId);
        }
    }

    private void Keep(Part part, string url, KeySet set)
    {
        if (!part.Sets.ContainsKey(url))
        {
            if (count >= MaxAddresses)
            {
                RemoveOlderThan(set.FetchedAt - (long)MaxDuration.TotalMilliseconds);
            }

            if (part.Sets.Count >= MaxPerApplication || (count >= MaxAddresses && part.Sets.Count > 0))
            {
                part.Sets.Remove(part.Sets.MinBy(entry => entry.Value.FetchedAt).Key);
                count--;
            }

            if (count >= MaxAddresses)
            {
                return;
            }

            count++;
        }

        part.Sets[url] = set;
    }

    private void RemoveOlderThan(long time)
    {
        foreach (var (appId, part) in applications)
        {
            foreach (var (url, _) in part.Sets.Where(entry => entry.Value.FetchedAt < time))
            {
                part.Sets.Remove(url);
                count--;
            }

            if (part is { Sets.Count: 0, Fetches.Count: 0 })
            {
                applications.Remove(appId);
            }
        }
    }

    private sealed class Part
    {
        public Dictionary<string, KeySet> Sets { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Task<KeySet>> Fetches { get; } = new(StringComparer.Ordinal);
    }
}
