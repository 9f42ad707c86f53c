using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Latchkey.Cryptography;

/// <summary>
/// Argon2's blocks of 1,024 bytes and its compression function G (RFC 9106, 3.5 and 3.6), for each width of vectors that processors have.
/// A block is eight rows of eight registers of two words. P mixes each row, then each column, of eight registers.
/// </summary>
internal static unsafe class Argon2Block
{
    public const int Bytes = 1024;
    public const int Words = Bytes / sizeof(ulong);
    private const int RowWords = 16;

    /// <summary>Rotates each word of 16 bytes by 24 and by 16 bits.</summary>
    private static Vector128<byte> By24 => Vector128.Create((byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
    private static Vector128<byte> By16 => Vector128.Create((byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);

    /// <summary>The widest vectors, in bits, that this processor computes blocks with; 64 for none.</summary>
    public static int VectorBits =>
        Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? 512
        : Avx2.IsSupported ? 256
        : Ssse3.IsSupported || AdvSimd.Arm64.IsSupported ? 128
        : 64;

    /// <summary>G(x, y) into the result; exclusive or with what the result held, from the second pass on.</summary>
    public static void Compress(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        // Some processors that have vectors of 512 bits are slower with them, and the runtime says so.
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
        {
            Compress512(x, y, result, isXored);
        }
        else if (Avx2.IsSupported)
        {
            Compress256(x, y, result, isXored);
        }
        else if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            Compress128(x, y, result, isXored);
        }
        else
        {
            Compress64(x, y, result, isXored);
        }
    }

    public static void Read(ReadOnlySpan<byte> bytes, ulong* block)
    {
        for (var i = 0; i < Words; i++)
        {
            block[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }
    }

    public static void Write(ulong* block, Span<byte> bytes)
    {
        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], block[i]);
        }
    }

    /// <summary>Four registers of a row or of a column at once: two rows, or two registers of four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress512(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        var mixed = stackalloc ulong[Words];
        for (var row = 0; row < Words; row += 2 * RowWords)
        {
            var ab0 = Vector512.Load(x + row) ^ Vector512.Load(y + row);
            var cd0 = Vector512.Load(x + row + 8) ^ Vector512.Load(y + row + 8);
            var ab1 = Vector512.Load(x + row + 16) ^ Vector512.Load(y + row + 16);
            var cd1 = Vector512.Load(x + row + 24) ^ Vector512.Load(y + row + 24);
            if (isXored)
            {
                (ab0 ^ Vector512.Load(result + row)).Store(result + row);
                (cd0 ^ Vector512.Load(result + row + 8)).Store(result + row + 8);
                (ab1 ^ Vector512.Load(result + row + 16)).Store(result + row + 16);
                (cd1 ^ Vector512.Load(result + row + 24)).Store(result + row + 24);
            }
            else
            {
                ab0.Store(result + row);
                cd0.Store(result + row + 8);
                ab1.Store(result + row + 16);
                cd1.Store(result + row + 24);
            }

            const byte lowHalves = 0x44;
            const byte highHalves = 0xEE;
            var a = Avx512F.Shuffle4x128(ab0, ab1, lowHalves);
            var b = Avx512F.Shuffle4x128(ab0, ab1, highHalves);
            var c = Avx512F.Shuffle4x128(cd0, cd1, lowHalves);
            var d = Avx512F.Shuffle4x128(cd0, cd1, highHalves);
            Mix512(ref a, ref b, ref c, ref d);
            b = Avx512F.Permute4x64(b, 0b00_11_10_01);
            c = Avx512F.Permute4x64(c, 0b01_00_11_10);
            d = Avx512F.Permute4x64(d, 0b10_01_00_11);
            Mix512(ref a, ref b, ref c, ref d);
            b = Avx512F.Permute4x64(b, 0b10_01_00_11);
            c = Avx512F.Permute4x64(c, 0b01_00_11_10);
            d = Avx512F.Permute4x64(d, 0b00_11_10_01);
            Avx512F.Shuffle4x128(a, b, lowHalves).Store(mixed + row);
            Avx512F.Shuffle4x128(c, d, lowHalves).Store(mixed + row + 8);
            Avx512F.Shuffle4x128(a, b, highHalves).Store(mixed + row + 16);
            Avx512F.Shuffle4x128(c, d, highHalves).Store(mixed + row + 24);
        }

        for (var column = 0; column < RowWords; column += 8)
        {
            var r0 = Vector512.Load(mixed + column);
            var r1 = Vector512.Load(mixed + column + (1 * RowWords));
            var r2 = Vector512.Load(mixed + column + (2 * RowWords));
            var r3 = Vector512.Load(mixed + column + (3 * RowWords));
            var r4 = Vector512.Load(mixed + column + (4 * RowWords));
            var r5 = Vector512.Load(mixed + column + (5 * RowWords));
            var r6 = Vector512.Load(mixed + column + (6 * RowWords));
            var r7 = Vector512.Load(mixed + column + (7 * RowWords));
            Mix512(ref r0, ref r2, ref r4, ref r6);
            Mix512(ref r1, ref r3, ref r5, ref r7);
            var (b0, b1) = (Odd512(r2, r3), Odd512(r3, r2));
            var (d0, d1) = (Odd512(r7, r6), Odd512(r6, r7));
            Mix512(ref r0, ref b0, ref r5, ref d0);
            Mix512(ref r1, ref b1, ref r4, ref d1);
            (r2, r3) = (Odd512(b1, b0), Odd512(b0, b1));
            (r6, r7) = (Odd512(d0, d1), Odd512(d1, d0));
            Add512(result + column, r0);
            Add512(result + column + (1 * RowWords), r1);
            Add512(result + column + (2 * RowWords), r2);
            Add512(result + column + (3 * RowWords), r3);
            Add512(result + column + (4 * RowWords), r4);
            Add512(result + column + (5 * RowWords), r5);
            Add512(result + column + (6 * RowWords), r6);
            Add512(result + column + (7 * RowWords), r7);
        }
    }

    /// <summary>One row of four vectors, then two columns of eight vectors, at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress256(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        var mixed = stackalloc ulong[Words];
        for (var row = 0; row < Words; row += RowWords)
        {
            var a = Vector256.Load(x + row) ^ Vector256.Load(y + row);
            var b = Vector256.Load(x + row + 4) ^ Vector256.Load(y + row + 4);
            var c = Vector256.Load(x + row + 8) ^ Vector256.Load(y + row + 8);
            var d = Vector256.Load(x + row + 12) ^ Vector256.Load(y + row + 12);
            if (isXored)
            {
                (a ^ Vector256.Load(result + row)).Store(result + row);
                (b ^ Vector256.Load(result + row + 4)).Store(result + row + 4);
                (c ^ Vector256.Load(result + row + 8)).Store(result + row + 8);
                (d ^ Vector256.Load(result + row + 12)).Store(result + row + 12);
            }
            else
            {
                a.Store(result + row);
                b.Store(result + row + 4);
                c.Store(result + row + 8);
                d.Store(result + row + 12);
            }

            Mix256(ref a, ref b, ref c, ref d);
            b = Avx2.Permute4x64(b, 0b00_11_10_01);
            c = Avx2.Permute4x64(c, 0b01_00_11_10);
            d = Avx2.Permute4x64(d, 0b10_01_00_11);
            Mix256(ref a, ref b, ref c, ref d);
            Avx2.Permute4x64(b, 0b10_01_00_11).Store(mixed + row + 4);
            Avx2.Permute4x64(c, 0b01_00_11_10).Store(mixed + row + 8);
            Avx2.Permute4x64(d, 0b00_11_10_01).Store(mixed + row + 12);
            a.Store(mixed + row);
        }

        for (var column = 0; column < RowWords; column += 4)
        {
            var r0 = Vector256.Load(mixed + column);
            var r1 = Vector256.Load(mixed + column + (1 * RowWords));
            var r2 = Vector256.Load(mixed + column + (2 * RowWords));
            var r3 = Vector256.Load(mixed + column + (3 * RowWords));
            var r4 = Vector256.Load(mixed + column + (4 * RowWords));
            var r5 = Vector256.Load(mixed + column + (5 * RowWords));
            var r6 = Vector256.Load(mixed + column + (6 * RowWords));
            var r7 = Vector256.Load(mixed + column + (7 * RowWords));
            Mix256(ref r0, ref r2, ref r4, ref r6);
            Mix256(ref r1, ref r3, ref r5, ref r7);
            var (b0, b1) = (Odd256(r2, r3), Odd256(r3, r2));
            var (d0, d1) = (Odd256(r7, r6), Odd256(r6, r7));
            Mix256(ref r0, ref b0, ref r5, ref d0);
            Mix256(ref r1, ref b1, ref r4, ref d1);
            (r2, r3) = (Odd256(b1, b0), Odd256(b0, b1));
            (r6, r7) = (Odd256(d0, d1), Odd256(d1, d0));
            Add256(result + column, r0);
            Add256(result + column + (1 * RowWords), r1);
            Add256(result + column + (2 * RowWords), r2);
            Add256(result + column + (3 * RowWords), r3);
            Add256(result + column + (4 * RowWords), r4);
            Add256(result + column + (5 * RowWords), r5);
            Add256(result + column + (6 * RowWords), r6);
            Add256(result + column + (7 * RowWords), r7);
        }
    }

    /// <summary>One row, then one column, of eight vectors at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress128(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        var mixed = stackalloc ulong[Words];
        Start(x, y, result, mixed, isXored);
        for (var row = 0; row < Words; row += RowWords)
        {
            Permute128(mixed + row, 2);
        }

        for (var column = 0; column < RowWords; column += 2)
        {
            Permute128(mixed + column, RowWords);
        }

        Finish(result, mixed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress64(ulong* x, ulong* y, ulong* result, bool isXored)
    {
        var mixed = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++)
        {
            mixed[i] = x[i] ^ y[i];
            result[i] = isXored ? result[i] ^ mixed[i] : mixed[i];
        }

        for (var row = 0; row < Words; row += RowWords)
        {
            Permute64(mixed + row, 2);
        }

        for (var column = 0; column < RowWords; column += 2)
        {
            Permute64(mixed + column, RowWords);
        }

        for (var i = 0; i < Words; i++)
        {
            result[i] ^= mixed[i];
        }
    }

    /// <summary>Keeps x ^ y, which P is applied to, in the result too, which P's outcome is added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Start(ulong* x, ulong* y, ulong* result, ulong* mixed, bool isXored)
    {
        for (var i = 0; i < Words; i += Vector128<ulong>.Count)
        {
            var word = Vector128.Load(x + i) ^ Vector128.Load(y + i);
            word.Store(mixed + i);
            (isXored ? word ^ Vector128.Load(result + i) : word).Store(result + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(ulong* result, ulong* mixed)
    {
        for (var i = 0; i < Words; i += Vector128<ulong>.Count)
        {
            (Vector128.Load(result + i) ^ Vector128.Load(mixed + i)).Store(result + i);
        }
    }

    /// <summary>P over eight registers of two words, each <paramref name="stride"/> words after the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute128(ulong* words, int stride)
    {
        var r0 = Vector128.Load(words);
        var r1 = Vector128.Load(words + (1 * stride));
        var r2 = Vector128.Load(words + (2 * stride));
        var r3 = Vector128.Load(words + (3 * stride));
        var r4 = Vector128.Load(words + (4 * stride));
        var r5 = Vector128.Load(words + (5 * stride));
        var r6 = Vector128.Load(words + (6 * stride));
        var r7 = Vector128.Load(words + (7 * stride));
        Mix128(ref r0, ref r2, ref r4, ref r6);
        Mix128(ref r1, ref r3, ref r5, ref r7);
        var (b0, b1) = (Odd128(r2, r3), Odd128(r3, r2));
        var (d0, d1) = (Odd128(r7, r6), Odd128(r6, r7));
        Mix128(ref r0, ref b0, ref r5, ref d0);
        Mix128(ref r1, ref b1, ref r4, ref d1);
        r0.Store(words);
        r1.Store(words + (1 * stride));
        Odd128(b1, b0).Store(words + (2 * stride));
        Odd128(b0, b1).Store(words + (3 * stride));
        r4.Store(words + (4 * stride));
        r5.Store(words + (5 * stride));
        Odd128(d0, d1).Store(words + (6 * stride));
        Odd128(d1, d0).Store(words + (7 * stride));
    }

    /// <summary>P over eight pairs of words, each <paramref name="stride"/> words after the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute64(ulong* words, int stride)
    {
        var (v0, v1) = (words[0], words[1]);
        var (v2, v3) = (words[stride], words[stride + 1]);
        var (v4, v5) = (words[2 * stride], words[(2 * stride) + 1]);
        var (v6, v7) = (words[3 * stride], words[(3 * stride) + 1]);
        var (v8, v9) = (words[4 * stride], words[(4 * stride) + 1]);
        var (v10, v11) = (words[5 * stride], words[(5 * stride) + 1]);
        var (v12, v13) = (words[6 * stride], words[(6 * stride) + 1]);
        var (v14, v15) = (words[7 * stride], words[(7 * stride) + 1]);
        Mix64(ref v0, ref v4, ref v8, ref v12);
        Mix64(ref v1, ref v5, ref v9, ref v13);
        Mix64(ref v2, ref v6, ref v10, ref v14);
        Mix64(ref v3, ref v7, ref v11, ref v15);
        Mix64(ref v0, ref v5, ref v10, ref v15);
        Mix64(ref v1, ref v6, ref v11, ref v12);
        Mix64(ref v2, ref v7, ref v8, ref v13);
        Mix64(ref v3, ref v4, ref v9, ref v14);
        (words[0], words[1]) = (v0, v1);
        (words[stride], words[stride + 1]) = (v2, v3);
        (words[2 * stride], words[(2 * stride) + 1]) = (v4, v5);
        (words[3 * stride], words[(3 * stride) + 1]) = (v6, v7);
        (words[4 * stride], words[(4 * stride) + 1]) = (v8, v9);
        (words[5 * stride], words[(5 * stride) + 1]) = (v10, v11);
        (words[6 * stride], words[(6 * stride) + 1]) = (v12, v13);
        (words[7 * stride], words[(7 * stride) + 1]) = (v14, v15);
    }

    /// <summary>RFC 9106's GB: BLAKE2b's mixing with a multiplication in each addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix512(ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d)
    {
        a = MultiplyAdd512(a, b);
        d = Avx512F.RotateRight(d ^ a, 32);
        c = MultiplyAdd512(c, d);
        b = Avx512F.RotateRight(b ^ c, 24);
        a = MultiplyAdd512(a, b);
        d = Avx512F.RotateRight(d ^ a, 16);
        c = MultiplyAdd512(c, d);
        b = Avx512F.RotateRight(b ^ c, 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix256(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d)
    {
        if (Avx512F.VL.IsSupported)
        {
            a = MultiplyAdd256(a, b);
            d = Avx512F.VL.RotateRight(d ^ a, 32);
            c = MultiplyAdd256(c, d);
            b = Avx512F.VL.RotateRight(b ^ c, 24);
            a = MultiplyAdd256(a, b);
            d = Avx512F.VL.RotateRight(d ^ a, 16);
            c = MultiplyAdd256(c, d);
            b = Avx512F.VL.RotateRight(b ^ c, 63);
            return;
        }

        var by24 = Vector256.Create(By24, By24);
        var by16 = Vector256.Create(By16, By16);
        a = MultiplyAdd256(a, b);
        d = Avx2.Shuffle((d ^ a).AsUInt32(), 0b10_11_00_01).AsUInt64();
        c = MultiplyAdd256(c, d);
        b = Avx2.Shuffle((b ^ c).AsByte(), by24).AsUInt64();
        a = MultiplyAdd256(a, b);
        d = Avx2.Shuffle((d ^ a).AsByte(), by16).AsUInt64();
        c = MultiplyAdd256(c, d);
        b ^= c;
        b = (b + b) ^ (b >>> 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix128(ref Vector128<ulong> a, ref Vector128<ulong> b, ref Vector128<ulong> c, ref Vector128<ulong> d)
    {
        a = MultiplyAdd128(a, b);
        d = Vector128.Shuffle((d ^ a).AsUInt32(), Vector128.Create(1u, 0, 3, 2)).AsUInt64();
        c = MultiplyAdd128(c, d);
        b = Vector128.Shuffle((b ^ c).AsByte(), By24).AsUInt64();
        a = MultiplyAdd128(a, b);
        d = Vector128.Shuffle((d ^ a).AsByte(), By16).AsUInt64();
        c = MultiplyAdd128(c, d);
        b ^= c;
        b = (b + b) ^ (b >>> 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix64(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a = MultiplyAdd64(a, b);
        d = ulong.RotateRight(d ^ a, 32);
        c = MultiplyAdd64(c, d);
        b = ulong.RotateRight(b ^ c, 24);
        a = MultiplyAdd64(a, b);
        d = ulong.RotateRight(d ^ a, 16);
        c = MultiplyAdd64(c, d);
        b = ulong.RotateRight(b ^ c, 63);
    }

    /// <summary>x + y + 2 × (the low half of x) × (the low half of y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyAdd512(Vector512<ulong> x, Vector512<ulong> y)
    {
        var product = Avx512F.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + (product + product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyAdd256(Vector256<ulong> x, Vector256<ulong> y)
    {
        var product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + (product + product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MultiplyAdd128(Vector128<ulong> x, Vector128<ulong> y)
    {
        var product = AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(x), AdvSimd.ExtractNarrowingLower(y))
            : Sse2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + (product + product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd64(ulong x, ulong y) => x + y + (2 * ((ulong)(uint)x * (uint)y));

    /// <summary>The second word of each register of x, and the first word of each of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Odd512(Vector512<ulong> x, Vector512<ulong> y) =>
        Avx512F.Shuffle(x.AsDouble(), y.AsDouble(), 0b01_01_01_01).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Odd256(Vector256<ulong> x, Vector256<ulong> y) =>
        Avx.Shuffle(x.AsDouble(), y.AsDouble(), 0b01_01).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Odd128(Vector128<ulong> x, Vector128<ulong> y) =>
        AdvSimd.IsSupported ? AdvSimd.ExtractVector128(x, y, 1) : Sse2.Shuffle(x.AsDouble(), y.AsDouble(), 0b01).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add512(ulong* result, Vector512<ulong> mixed) => (Vector512.Load(result) ^ mixed).Store(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add256(ulong* result, Vector256<ulong> mixed) => (Vector256.Load(result) ^ mixed).Store(result);
}
