using System.Text;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Cryptography;

/// <summary>
/// Argon2 against RFC 9106 and against the implementations of others. <see cref="Argon2PathTests"/> repeats this class with the code for
/// each kind of processor.
/// </summary>
public sealed class Argon2Tests
{
    /// <summary>Set in a repeated run: the width of vectors that it is about.</summary>
    public const string ExpectedBits = "LATCHKEY_TEST_VECTOR_BITS";

    [Fact]
    public void The_path_is_the_one_that_this_run_is_about() =>
        Argon2Block.VectorBits.ToString().ShouldBe(Environment.GetEnvironmentVariable(ExpectedBits) ?? Argon2Block.VectorBits.ToString());

    [Theory]
    [InlineData(false, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8")] // 5.2
    [InlineData(true, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")] // 5.3
    public void RFC_9106s_vectors(bool isHybrid, string tag)
    {
        using var memory = new Argon2Memory();
        var computed = new byte[32];
        new Argon2(isHybrid, MemoryKiB: 32, Passes: 3, Lanes: 4).Hash(
            memory,
            password: Repeat(1, 32),
            salt: Repeat(2, 16),
            computed,
            secret: Repeat(3, 8),
            associatedData: Repeat(4, 12)
        );
        Convert.ToHexStringLower(computed).ShouldBe(tag);
    }

    /// <summary>From the tests of the reference implementation (github.com/P-H-C/phc-winner-argon2, src/test.c).</summary>
    [Theory]
    [InlineData(true, 65536, 2, 1, "password", "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")]
    [InlineData(true, 256, 2, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")]
    [InlineData(true, 256, 2, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037")]
    [InlineData(true, 65536, 1, 1, "password", "somesalt", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98")]
    [InlineData(true, 65536, 2, 1, "password", "diffsalt", "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c")]
    [InlineData(false, 65536, 2, 1, "password", "somesalt", "c1628832147d9720c5bd1cfd61367078729f6dfb6f8fea9ff98158e0d7816ed0")]
    [InlineData(false, 65536, 2, 4, "password", "somesalt", "45d7ac72e76f242b20b77b9bf9bf9d5915894e669a24e6c6")]
    public void The_reference_implementations_vectors(
        bool isHybrid,
        int memory,
        int passes,
        int lanes,
        string password,
        string salt,
        string tag
    )
    {
        var computed = new byte[tag.Length / 2];
        new Argon2(isHybrid, memory, passes, lanes).Hash(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), computed);
        Convert.ToHexStringLower(computed).ShouldBe(tag);
    }

    [Fact]
    public void It_agrees_with_libsodium_on_10_000_random_inputs()
    {
        const int minPassesOfArgon2i = 3;
        var random = new Random(9106);
        using var memory = new Argon2Memory();
        for (var i = 0; i < 10_000; i++)
        {
            var isHybrid = random.Next(2) == 0;
            var kind = new Argon2(isHybrid, random.Next(8, 65), random.Next(isHybrid ? 1 : minPassesOfArgon2i, 5), Lanes: 1);
            var (password, salt) = (Bytes(random, random.Next(300)), Bytes(random, 16));
            var tag = new byte[random.Next(16, 130)];
            kind.Hash(memory, password, salt, tag);
            tag.ShouldBe(Libargon2.SodiumHash(kind, password, salt, tag.Length), $"input {i}: {kind}");
        }
    }

    [Fact]
    public void It_agrees_with_libargon2_on_random_inputs_with_several_lanes()
    {
        var random = new Random(9106);
        using var memory = new Argon2Memory();
        for (var i = 0; i < 2_000; i++)
        {
            var lanes = random.Next(1, 6);
            var kind = new Argon2(random.Next(2) == 0, random.Next(8 * lanes, 300), random.Next(1, 4), lanes);
            var (password, salt) = (Bytes(random, random.Next(300)), Bytes(random, random.Next(Argon2.MinSaltBytes, 80)));
            var tag = new byte[random.Next(Argon2.MinTagBytes, 200)];
            kind.Hash(memory, password, salt, tag);
            tag.ShouldBe(Libargon2.Hash(kind, password, salt, tag.Length), $"input {i}: {kind}");
        }
    }

    [Fact]
    public unsafe void Memory_is_wiped_kept_and_given_back()
    {
        using var memory = new Argon2Memory();
        var kind = new Argon2(IsHybrid: true, MemoryKiB: 3000, Passes: 1, Lanes: 1);
        var (first, second) = (new byte[32], new byte[32]);
        kind.Hash(memory, "a password"u8, "somesalt"u8, first);
        var size = memory.Size;
        size.ShouldBeGreaterThanOrEqualTo((nuint)3000 * 1024);
        new ReadOnlySpan<byte>(memory.Reserve(size), (int)size).ContainsAnyExcept((byte)0).ShouldBeFalse();

        new Argon2(IsHybrid: true, MemoryKiB: 8, Passes: 1, Lanes: 1).Hash(memory, "another"u8, "somesalt"u8, second);
        memory.Size.ShouldBe(size);
        memory.Release();
        memory.Size.ShouldBe((nuint)0);
        kind.Hash(memory, "a password"u8, "somesalt"u8, second);
        second.ShouldBe(first);
    }

    [Theory]
    [InlineData(7, 1, 1, 8, 32)]
    [InlineData(15, 1, 2, 8, 32)]
    [InlineData(8, 0, 1, 8, 32)]
    [InlineData(8, 1, 0, 8, 32)]
    [InlineData(8, 1, 1, 7, 32)]
    [InlineData(8, 1, 1, 8, 3)]
    public void Parameters_out_of_bounds_are_refused(int memory, int passes, int lanes, int saltLength, int tagLength) =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new Argon2(IsHybrid: true, memory, passes, lanes).Hash("a password"u8, new byte[saltLength], new byte[tagLength])
        );

    /// <summary>RFC 7693, appendix A, and the empty input of its authors' vectors (github.com/BLAKE2/BLAKE2, testvectors).</summary>
    [Theory]
    [InlineData(
        "abc",
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
    )]
    [InlineData(
        "",
        "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce"
    )]
    public void BLAKE2b_has_its_published_digests(string text, string digest)
    {
        var computed = new byte[Blake2b.MaxDigestBytes];
        var hash = new Blake2b(computed.Length);
        hash.Append(Encoding.UTF8.GetBytes(text));
        hash.Finish(computed);
        Convert.ToHexStringLower(computed).ShouldBe(digest);
    }

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
