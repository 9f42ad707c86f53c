using System.Runtime.InteropServices;

namespace Latchkey.Tests.Cryptography;

/// <summary>Argon2 by others: the reference implementation (Debian's libargon2-1), and libsodium.</summary>
internal static partial class Libargon2
{
    private const int Argon2i = 1;
    private const int Argon2id = 2;
    private const int Version = 0x13;

    public static byte[] Hash(Latchkey.Cryptography.Argon2 kind, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int tagLength)
    {
        var tag = new byte[tagLength];
        Hash(
                (uint)kind.Passes,
                (uint)kind.MemoryKiB,
                (uint)kind.Lanes,
                password,
                (nuint)password.Length,
                salt,
                (nuint)salt.Length,
                tag,
                (nuint)tag.Length,
                encoded: 0,
                encodedLength: 0,
                kind.IsHybrid ? Argon2id : Argon2i,
                Version
            )
            .ShouldBe(0);
        return tag;
    }

    /// <summary>By libsodium, which has one lane and salts of 16 bytes.</summary>
    public static byte[] SodiumHash(Latchkey.Cryptography.Argon2 kind, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int tagLength)
    {
        var tag = new byte[tagLength];
        SodiumHash(
                tag,
                (ulong)tag.Length,
                password,
                (ulong)password.Length,
                salt,
                (ulong)kind.Passes,
                (nuint)kind.MemoryKiB * 1024,
                kind.IsHybrid ? Argon2id : Argon2i
            )
            .ShouldBe(0);
        return tag;
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2_hash")]
    private static partial int Hash(
        uint passes,
        uint memory,
        uint lanes,
        ReadOnlySpan<byte> password,
        nuint passwordLength,
        ReadOnlySpan<byte> salt,
        nuint saltLength,
        Span<byte> tag,
        nuint tagLength,
        nint encoded,
        nuint encodedLength,
        int type,
        int version
    );

    [LibraryImport("libsodium", EntryPoint = "crypto_pwhash")]
    private static partial int SodiumHash(
        Span<byte> tag,
        ulong tagLength,
        ReadOnlySpan<byte> password,
        ulong passwordLength,
        ReadOnlySpan<byte> salt,
        ulong passes,
        nuint memory,
        int algorithm
    );
}
