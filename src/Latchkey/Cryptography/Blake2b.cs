using System.Buffers.Binary;

namespace Latchkey.Cryptography;

/// <summary>The unkeyed BLAKE2b hash (RFC 7693), which <see cref="Argon2"/> is built on.</summary>
public sealed class Blake2b
{
    public const int MaxDigestBytes = 64;

    private const int BlockBytes = 128;
    private const int Rounds = 12;

    private static readonly ulong[] Iv =
    [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ];

    /// <summary>Which message word each step of a round mixes in. Rounds 10 and 11 are rounds 0 and 1 again.</summary>
    private static readonly byte[][] Sigma =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ];

    private readonly ulong[] state = [.. Iv];
    private readonly byte[] block = new byte[BlockBytes];
    private int blockLength;
    private ulong compressedBytes;

    /// <param name="digestBytes">1 to 64. It is part of what is hashed: a shorter digest is not the beginning of a longer one.</param>
    public Blake2b(int digestBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digestBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digestBytes, MaxDigestBytes);
        state[0] ^= 0x01010000 ^ (ulong)digestBytes;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (blockLength == BlockBytes)
            {
                Compress(isLast: false);
            }

            var length = Math.Min(data.Length, BlockBytes - blockLength);
            data[..length].CopyTo(block.AsSpan(blockLength));
            blockLength += length;
            data = data[length..];
        }
    }

    /// <summary>Four bytes, little-endian.</summary>
    public void Append(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Append(bytes);
    }

    /// <summary>The length as four bytes, and the data.</summary>
    public void AppendWithLength(ReadOnlySpan<byte> data)
    {
        Append(data.Length);
        Append(data);
    }

    /// <summary>Writes the digest, whose length must be the one given at the start, and forgets what was hashed.</summary>
    public void Finish(Span<byte> digest)
    {
        block.AsSpan(blockLength).Clear();
        Compress(isLast: true);
        Span<byte> all = stackalloc byte[MaxDigestBytes];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all[(i * sizeof(ulong))..], state[i]);
        }

        all[..digest.Length].CopyTo(digest);
        all.Clear();
        Array.Clear(block);
        Array.Clear(state);
    }

    private void Compress(bool isLast)
    {
        compressedBytes += (ulong)blockLength;
        blockLength = 0;
        Span<ulong> words = stackalloc ulong[16];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(i * sizeof(ulong)));
        }

        Span<ulong> v = stackalloc ulong[16];
        state.CopyTo(v);
        Iv.CopyTo(v[8..]);
        v[12] ^= compressedBytes;
        v[14] ^= isLast ? ulong.MaxValue : 0;
        for (var round = 0; round < Rounds; round++)
        {
            var order = Sigma[round % Sigma.Length];
            for (var column = 0; column < 4; column++)
            {
                Mix(v, column, column + 4, column + 8, column + 12, words[order[2 * column]], words[order[(2 * column) + 1]]);
            }

            for (var diagonal = 0; diagonal < 4; diagonal++)
            {
                Mix(
                    v,
                    diagonal,
                    4 + ((diagonal + 1) % 4),
                    8 + ((diagonal + 2) % 4),
                    12 + ((diagonal + 3) % 4),
                    words[order[8 + (2 * diagonal)]],
                    words[order[9 + (2 * diagonal)]]
                );
            }
        }

        for (var i = 0; i < state.Length; i++)
        {
            state[i] ^= v[i] ^ v[i + 8];
        }

        words.Clear();
        v.Clear();
    }

    private static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        v[a] += v[b] + x;
        v[d] = ulong.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = ulong.RotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = ulong.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = ulong.RotateRight(v[b] ^ v[c], 63);
    }
}
