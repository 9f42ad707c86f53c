using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Users.Passwords;

/// <summary>
/// A queue of several parties that take turns (round-robin). A party may consist of parties, which take turns in the same way. Not
/// thread-safe.
/// </summary>
internal sealed class FairQueue<T>
{
    private readonly Dictionary<string, FairQueue<T>> parties = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, FairQueue<T> Party)> turns = new();
    private readonly Queue<T> items = new();

    /// <summary>The number of items of all parties.</summary>
    public int Count { get; private set; }

    /// <param name="item">The item.</param>
    /// <param name="path">The party, the party inside it, and so on; empty for an item of this queue itself.</param>
    public void Enqueue(T item, params ReadOnlySpan<string> path)
    {
        Count++;
        if (path.IsEmpty)
        {
            items.Enqueue(item);
            return;
        }

        if (!parties.TryGetValue(path[0], out var party))
        {
            party = new FairQueue<T>();
            parties[path[0]] = party;
            turns.Enqueue((path[0], party));
        }

        party.Enqueue(item, path[1..]);
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (items.TryDequeue(out item))
        {
            Count--;
            return true;
        }

        if (!turns.TryDequeue(out var turn))
        {
            return false;
        }

        Count--;
        var isThere = turn.Party.TryDequeue(out item);
        if (turn.Party.Count > 0)
        {
            turns.Enqueue(turn);
        }
        else
        {
            parties.Remove(turn.Name);
        }

        return isThere;
    }

    /// <summary>The number of items that would come before a new one.</summary>
    public int Ahead(params ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return Count;
        }

        var isThere = parties.TryGetValue(path[0], out var party);
        var rounds = (isThere && party is not null ? party.Ahead(path[1..]) : 0) + 1;
        return Math.Min(Count, rounds * (parties.Count + (isThere ? 0 : 1)));
    }
}
