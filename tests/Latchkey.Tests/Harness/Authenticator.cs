using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Tests.Harness;

/// <summary>
/// An authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds, written from the RFC and not with the product's code.
/// </summary>
public sealed class Authenticator(string secret)
{
    private readonly byte[] seed = FromBase32(secret);

    /// <summary>The step that this moment is in.</summary>
    public static long CurrentStep => StepIn(0);

    /// <summary>The step that it will be in some seconds.</summary>
    public static long StepIn(int seconds) => (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds) / 30;

    /// <summary>The code of now, or of some steps of 30 seconds away from now.</summary>
    public string Code(int away = 0) => CodeOf(CurrentStep + away);

    public string CodeOf(long step)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // the RFC's default
        var hash = HMACSHA1.HashData(seed, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6");
    }

    /// <summary>Six digits that are the code of no step around now.</summary>
    public string WrongCode() =>
        Enumerable.Range(0, 10).Select(i => $"{i}{i}{i}{i}{i}{i}").First(code => !Enumerable.Range(-3, 7).Select(Code).Contains(code));

    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (bits, held) = (0, 0);
        foreach (var c in text.Where(c => c != ' '))
        {
            bits = (bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal);
            held += 5;
            if (held >= 8)
            {
                bytes.Add((byte)(bits >> (held - 8)));
                held -= 8;
                bits &= (1 << held) - 1;
            }
        }

        return [.. bytes];
    }
}
