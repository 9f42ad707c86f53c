using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// The nonces of DPoP proofs (RFC 9449 §8). They are derived from the key ring and the time, so none is stored and every node knows those
/// of the others. One lives five to ten minutes.
/// </summary>
public sealed class DpopNonces(KeyRing ring, TimeProvider clock)
{
    /// <summary>The header of answers that have one.</summary>
    public const string Header = "DPoP-Nonce";

    /// <summary>For the endpoints where tokens are asked for.</summary>
    public const string OfServer = "server";

    /// <summary>For UserInfo.</summary>
    public const string OfResource = "resource";

    private const string Purpose = "dpop-nonce";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>The nonce to give out now.</summary>
    public string Current(string appId, string kind) => ring.KeyedHash(Purpose, Text(appId, kind, Now()));

    /// <summary>Whether it is the nonce of this period or of the one before, under any key of the ring.</summary>
    public bool IsValid(string appId, string kind, string nonce)
    {
        var (now, given) = (Now(), Encoding.UTF8.GetBytes(nonce));
        return ring.KeyedHashes(Purpose, Text(appId, kind, now))
            .Concat(ring.KeyedHashes(Purpose, Text(appId, kind, now - 1)))
            .Any(one => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), given));
    }

    private long Now() => clock.Now() / (long)Period.TotalMilliseconds;

    private static string Text(string appId, string kind, long period) =>
        string.Create(CultureInfo.InvariantCulture, $"{appId}\n{kind}\n{period}");
}
