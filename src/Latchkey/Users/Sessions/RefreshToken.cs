using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Users.Sessions;

/// <summary>
/// A refresh token: <c>lkr_</c> and, in base64url, the grant's id (16 bytes), the generation (8 bytes, big-endian) and a MAC (32 bytes:
/// HMAC-SHA-256 under the grant's secret over application, client, id and generation).
/// </summary>
/// <param name="GrantId">The id of a <see cref="SessionGrant"/>.</param>
/// <param name="Generation">At least 1.</param>
/// <param name="Mac">Not verified yet.</param>
public sealed record RefreshToken(string GrantId, long Generation, ReadOnlyMemory<byte> Mac)
{
    public const int IdBytes = 16;
    private const string Prefix = "lkr_";
    private const int GenerationBytes = 8;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int TotalBytes = IdBytes + GenerationBytes + MacBytes;

    /// <summary>The token of the grant's newest generation. The same each time.</summary>
    public static string Write(SessionGrant grant, ReadOnlySpan<byte> secret)
    {
        Span<byte> bytes = stackalloc byte[TotalBytes];
        Base64Url.DecodeFromChars(grant.Id, bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[IdBytes..], grant.Generation);
        ComputeMac(grant, grant.Generation, secret, bytes[(IdBytes + GenerationBytes)..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token's parts; null for any other text.</summary>
    public static RefreshToken? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var encoded = text.AsSpan(Prefix.Length);
        var bytes = new byte[TotalBytes];
        return
            encoded.Length == Base64Url.GetEncodedLength(TotalBytes)
            && Base64Url.DecodeFromChars(encoded, bytes, out _, out var written) == OperationStatus.Done
            && written == TotalBytes
            && encoded.SequenceEqual(Base64Url.EncodeToString(bytes)) // one spelling: no unused bits, no white space
            && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(IdBytes)) is > 0 and < long.MaxValue / 2 and var generation
            ? new RefreshToken(Base64Url.EncodeToString(bytes.AsSpan(0, IdBytes)), generation, bytes.AsMemory(IdBytes + GenerationBytes))
            : null;
    }

    /// <summary>Whether the grant issued this token; constant-time.</summary>
    public bool IsIssuedBy(SessionGrant grant, ReadOnlySpan<byte> secret)
    {
        Span<byte> expected = stackalloc byte[MacBytes];
        ComputeMac(grant, Generation, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Mac.Span);
    }

    private static void ComputeMac(SessionGrant grant, long generation, ReadOnlySpan<byte> secret, Span<byte> mac) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"refresh-token\n{grant.AppId}\n{grant.Client}\n{grant.Id}\n{generation}"), mac);
}
