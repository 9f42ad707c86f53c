using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Latchkey.Tests.Harness;

/// <summary>
/// RSA keys of 2048 bits for tests that need one, and not a new one: making one keeps a core busy for a third of a second. One test
/// never gets the same key twice; other tests do.
/// </summary>
public static class RsaKeys
{
    private const int Bits = 2048;
    private static readonly ConcurrentDictionary<string, int> TakenBy = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<int, Lazy<RSAParameters>> Keys = new();

    /// <summary>A key that this test has not had; outside of tests, where things are made that many share, a new one.</summary>
    public static RSA Get() =>
        TestContext.Current.Test is { } test
            ? RSA.Create(Keys.GetOrAdd(TakenBy.AddOrUpdate(test.UniqueID, 0, (_, last) => last + 1), _ => new(() => Create(Bits))).Value)
            : RSA.Create(Create(Bits));

    /// <summary>A new key, with its private half.</summary>
    public static RSAParameters Create(int bits)
    {
        using var rsa = RSA.Create(bits);
        return rsa.ExportParameters(includePrivateParameters: true);
    }
}
