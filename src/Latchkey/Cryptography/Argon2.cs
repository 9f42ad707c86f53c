using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Latchkey.Cryptography;

/// <summary>Argon2i and Argon2id, version 1.3 (RFC 9106). The lanes are computed one after the other.</summary>
/// <param name="IsHybrid">Argon2id; otherwise Argon2i.</param>
/// <param name="MemoryKiB">At least 8 for each lane.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is too small.</exception>
public sealed record Argon2(bool IsHybrid, int MemoryKiB, int Passes, int Lanes)
{
    public const int MinTagBytes = 4;
    public const int MinSaltBytes = 8;

    private const int Version = 0x13;
    private const int Slices = 4;
    private const int SeedBytes = 64;

    public int MemoryKiB { get; } = MemoryKiB / 8 >= Lanes ? MemoryKiB : throw new ArgumentOutOfRangeException(nameof(MemoryKiB));

    public int Passes { get; } = Passes >= 1 ? Passes : throw new ArgumentOutOfRangeException(nameof(Passes));

    public int Lanes { get; } = Lanes >= 1 ? Lanes : throw new ArgumentOutOfRangeException(nameof(Lanes));

    private int TypeCode => IsHybrid ? 2 : 1;

    private int SegmentLength => MemoryKiB / (Slices * Lanes);

    private int LaneLength => Slices * SegmentLength;

    /// <summary>Fills the tag in memory of its own, which is wiped and given back.</summary>
    /// <exception cref="InvalidOperationException">The memory is not there.</exception>
    public void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> tag)
    {
        using var memory = new Argon2Memory();
        Hash(memory, password, salt, tag);
    }

    /// <summary>Fills the tag, of at least <see cref="MinTagBytes"/>. The memory is wiped afterwards and can be used again.</summary>
    /// <param name="secret">RFC 9106's K, a key that is not stored with the hash.</param>
    /// <param name="associatedData">RFC 9106's X.</param>
    /// <exception cref="ArgumentOutOfRangeException">The salt or the tag is too short.</exception>
    /// <exception cref="InvalidOperationException">The memory is not there.</exception>
    public unsafe void Hash(
        Argon2Memory memory,
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> tag,
        ReadOnlySpan<byte> secret = default,
        ReadOnlySpan<byte> associatedData = default
    )
    {
        if (salt.Length < MinSaltBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(salt), $"A salt has at least {MinSaltBytes} bytes.");
        }

        if (tag.Length < MinTagBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(tag), $"A tag has at least {MinTagBytes} bytes.");
        }

        var bytes = (nuint)Lanes * (nuint)LaneLength * Argon2Block.Bytes;
        var blocks = memory.Reserve(bytes);
        try
        {
            FillFirstColumns(blocks, password, salt, tag.Length, secret, associatedData);
            for (var pass = 0; pass < Passes; pass++)
            {
                for (var slice = 0; slice < Slices; slice++)
                {
                    for (var lane = 0; lane < Lanes; lane++)
                    {
                        FillSegment(blocks, pass, slice, lane);
                    }
                }
            }

            Finish(blocks, tag);
        }
        finally
        {
            NativeMemory.Clear(blocks, bytes);
        }
    }

    /// <summary>The first two blocks of each lane come from the input.</summary>
    private unsafe void FillFirstColumns(
        ulong* blocks,
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        int tagLength,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData
    )
    {
        Span<byte> seed = stackalloc byte[SeedBytes + (2 * sizeof(int))];
        var hash = new Blake2b(SeedBytes);
        foreach (var number in (ReadOnlySpan<int>)[Lanes, tagLength, MemoryKiB, Passes, Version, TypeCode])
        {
            hash.Append(number);
        }

        hash.AppendWithLength(password);
        hash.AppendWithLength(salt);
        hash.AppendWithLength(secret);
        hash.AppendWithLength(associatedData);
        hash.Finish(seed[..SeedBytes]);

        Span<byte> block = stackalloc byte[Argon2Block.Bytes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            for (var column = 0; column < 2; column++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(seed[SeedBytes..], column);
                BinaryPrimitives.WriteInt32LittleEndian(seed[(SeedBytes + sizeof(int))..], lane);
                LongHash(seed, block);
                Argon2Block.Read(block, BlockAt(blocks, lane, column));
            }
        }

        seed.Clear();
        block.Clear();
    }

    private unsafe void FillSegment(ulong* blocks, int pass, int slice, int lane)
    {
        // Where nothing depends on the password, the references are taken from blocks of numbers that are made for it.
        var isIndependent = !IsHybrid || (pass == 0 && slice < Slices / 2);
        var addresses = stackalloc ulong[Argon2Block.Words];
        var counter = stackalloc ulong[Argon2Block.Words];
        var zero = stackalloc ulong[Argon2Block.Words];
        if (isIndependent)
        {
            NativeMemory.Clear(zero, Argon2Block.Bytes);
            NativeMemory.Clear(counter, Argon2Block.Bytes);
            counter[0] = (ulong)pass;
            counter[1] = (ulong)lane;
            counter[2] = (ulong)slice;
            counter[3] = (ulong)(LaneLength * Lanes);
            counter[4] = (ulong)Passes;
            counter[5] = (ulong)TypeCode;
        }

        var first = pass == 0 && slice == 0 ? 2 : 0;
        for (var index = first; index < SegmentLength; index++)
        {
            if (isIndependent && (index == first || index % Argon2Block.Words == 0))
            {
                counter[6] = (ulong)(index / Argon2Block.Words) + 1;
                Argon2Block.Compress(zero, counter, addresses, isXored: false);
                Argon2Block.Compress(zero, addresses, addresses, isXored: false);
            }

            var column = (slice * SegmentLength) + index;
            var previous = BlockAt(blocks, lane, column == 0 ? LaneLength - 1 : column - 1);
            var random = isIndependent ? addresses[index % Argon2Block.Words] : previous[0];
            var referenceLane = pass == 0 && slice == 0 ? lane : (int)((random >> 32) % (uint)Lanes);
            var referenceColumn = ReferenceColumn(pass, slice, index, (uint)random, referenceLane == lane);
            Argon2Block.Compress(
                previous,
                BlockAt(blocks, referenceLane, referenceColumn),
                BlockAt(blocks, lane, column),
                isXored: pass > 0
            );
        }
    }

    /// <summary>Maps a random number to one of the blocks that may be referred to, to later ones more often (RFC 9106, 3.4).</summary>
    private int ReferenceColumn(int pass, int slice, int index, uint random, bool isSameLane)
    {
        var finished = pass == 0 ? slice * SegmentLength : LaneLength - SegmentLength;
        var count = (uint)(isSameLane ? finished + index - 1 : finished - (index == 0 ? 1 : 0));
        var square = ((ulong)random * random) >> 32;
        var position = count - 1 - (uint)((count * square) >> 32);
        var start = pass == 0 || slice == Slices - 1 ? 0 : (slice + 1) * SegmentLength;
        return (int)(((uint)start + position) % (uint)LaneLength);
    }

    private unsafe void Finish(ulong* blocks, Span<byte> tag)
    {
        Span<byte> bytes = stackalloc byte[Argon2Block.Bytes];
        var last = BlockAt(blocks, 0, LaneLength - 1);
        for (var lane = 1; lane < Lanes; lane++)
        {
            var other = BlockAt(blocks, lane, LaneLength - 1);
            for (var i = 0; i < Argon2Block.Words; i++)
            {
                last[i] ^= other[i];
            }
        }

        Argon2Block.Write(last, bytes);
        LongHash(bytes, tag);
        bytes.Clear();
    }

    private unsafe ulong* BlockAt(ulong* blocks, int lane, int column) => blocks + (((nint)lane * LaneLength) + column) * Argon2Block.Words;

    /// <summary>RFC 9106's H', a BLAKE2b hash of any length: of each link of a chain the first half, and the last link whole.</summary>
    private static void LongHash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        const int half = Blake2b.MaxDigestBytes / 2;
        Span<byte> link = stackalloc byte[Blake2b.MaxDigestBytes];
        var hash = new Blake2b(Math.Min(output.Length, Blake2b.MaxDigestBytes));
        hash.Append(output.Length);
        hash.Append(input);
        while (output.Length > Blake2b.MaxDigestBytes)
        {
            hash.Finish(link);
            link[..half].CopyTo(output);
            output = output[half..];
            hash = new Blake2b(Math.Min(output.Length, Blake2b.MaxDigestBytes));
            hash.Append(link);
        }

        hash.Finish(output);
        link.Clear();
    }
}
