using System.Collections.Concurrent;

namespace Latchkey.Cryptography;

/// <summary>
/// Tokens whose signatures were verified lately, so that one that comes again is not verified again. That is safe: a token's text never
/// means anything else, and a key stays in memory until the process ends. There are two generations, so that the memory is bounded: when
/// the younger one is full it becomes the older one, and what the older one held is forgotten unless it came again.
/// </summary>
/// <param name="capacity">How many tokens a generation holds.</param>
/// <param name="verify">Reads a token; null when it is not valid.</param>
internal sealed class VerifiedTokens<T>(int capacity, Func<string, T?> verify)
    where T : class
{
    private volatile ConcurrentDictionary<string, T> younger = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, T> older = new(StringComparer.Ordinal);
    private int added;

    /// <summary>The token of this text, verified unless it came lately; null when it is not valid.</summary>
    public T? Read(string text)
    {
        if (younger.TryGetValue(text, out var known))
        {
            return known;
        }

        var token = older.TryGetValue(text, out known) ? known : verify(text);
        if (token is not null && younger.TryAdd(text, token) && Interlocked.Increment(ref added) % capacity == 0)
        {
            older = younger;
            younger = new ConcurrentDictionary<string, T>(StringComparer.Ordinal);
        }

        return token;
    }
}
