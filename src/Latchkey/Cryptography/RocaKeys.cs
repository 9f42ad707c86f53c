using System.Numerics;

namespace Latchkey.Cryptography;

/// <summary>
/// Detects the weak RSA keys of Infineon's library (ROCA) by their fingerprint: modulo many small primes, the modulus is a power of
/// 65537. M. Nemec and others, "The Return of Coppersmith's Attack", CCS 2017, §3.
/// </summary>
internal static class RocaKeys
{
    private const int Generator = 65537;

    private static readonly int[] Primes =
    [
        3,
        5,
        7,
        11,
        13,
        17,
        19,
        23,
        29,
        31,
        37,
        41,
        43,
        47,
        53,
        59,
        61,
        67,
        71,
        73,
        79,
        83,
        89,
        97,
        101,
        103,
        107,
        109,
        113,
        127,
        131,
        137,
        139,
        149,
        151,
        157,
        163,
        167,
    ];

    private static readonly (int Prime, HashSet<int> Powers)[] Fingerprints = [.. Primes.Select(prime => (prime, Powers(prime)))];

    public static bool Contains(byte[] modulus)
    {
        var n = new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        return Array.TrueForAll(Fingerprints, mark => mark.Powers.Contains((int)(n % mark.Prime)));
    }

    private static HashSet<int> Powers(int prime)
    {
        var powers = new HashSet<int>();
        for (var power = 1; powers.Add(power); power = (int)((long)power * Generator % prime)) { }

        return powers;
    }
}
