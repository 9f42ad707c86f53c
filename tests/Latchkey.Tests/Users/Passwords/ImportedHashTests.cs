using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>Hashes that other systems made: published ones verify, and what is too dear or unknown is refused with a reason.</summary>
public sealed class ImportedHashTests
{
    private static readonly PasswordHash Hash = new("");
    private static readonly HashCostLimits Caps = new();

    /// <summary>
    /// bcrypt: the self-test vectors of crypt_blowfish 1.3 (wrapper.c). Argon2: the vectors of the reference implementation
    /// (phc-winner-argon2,
    /// src/test.c). PBKDF2: RFC 6070 and RFC 7914 §11. passlib and ASP.NET Identity: the vectors of their own tests.
    /// </summary>
    public static TheoryData<string, string> Published =>
        new()
        {
            { "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U" },
            { "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*" },
            { "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U" },
            {
                "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored"
            },
            { "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U" },
            { "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U" },
            { "bcrypt$$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U" },
            { "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA", "password" },
            { "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E", "password" },
            { "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password" },
            { "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password" },
            { "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc", "password" },
            { "argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password" },
            { Pbkdf2("sha1", 4096, "salt", "4b007901b765489abead49d926f721d065a429c1"), "password" },
            {
                Pbkdf2("sha1", 4096, "saltSALTsaltSALTsaltSALTsaltSALTsalt", "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
                "passwordPASSWORDpassword"
            },
            {
                Pbkdf2(
                    "sha256",
                    1,
                    "salt",
                    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
                ),
                "passwd"
            },
            {
                Pbkdf2(
                    "sha256",
                    80_000,
                    "NaCl",
                    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
                ),
                "Password"
            },
            { "$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", "password" },
            {
                "$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww",
                "password"
            },
            { "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==", "my password" },
            { "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", "my password" },
        };

    [Theory]
    [MemberData(nameof(Published))]
    public void A_published_hash_verifies_and_is_outdated(string text, string password)
    {
        var (stored, _, refused) = ImportedHash.Parse(text, Caps);
        refused.ShouldBeNull();
        Verify(stored, Encoding.UTF8.GetBytes(password)).ShouldBeTrue();
        Verify(stored, Encoding.UTF8.GetBytes("!" + password)).ShouldBeFalse();
        Hash.IsOutdated(stored).ShouldBeTrue();
        ImportedHash.Parse(stored, Caps).Hash.ShouldBe(stored); // what is exported is imported again
    }

    /// <summary>
    /// The hash of "U*U". bcrypt repeats what it is given with a NUL after it, so the first password below looks like "U*U" to it.
    /// </summary>
    [Theory]
    [InlineData("U*U\0U*U")]
    [InlineData("U*U\0")]
    [InlineData("U*U\0tail")]
    [InlineData("U*U*U")]
    [InlineData("U*")]
    [InlineData("")]
    public void A_bcrypt_hash_does_not_take_a_prefix_or_a_repetition_for_the_password(string password) =>
        Verify("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", Encoding.UTF8.GetBytes(password)).ShouldBeFalse();

    [Fact]
    public void A_bcrypt_hash_does_not_take_one_broken_character_for_another()
    {
        var replaced = BcryptHashes.Hash("\uFFFD");
        Verify(replaced, "\uFFFD"u8).ShouldBeTrue();
        Verify(replaced, [0xFF]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(72, false)]
    [InlineData(71, true)]
    public void Bcrypt_looks_at_72_bytes(int length, bool differs)
    {
        var hash = BcryptHashes.Hash(new string('x', length));
        Verify(hash, Encoding.UTF8.GetBytes(new string('x', length) + "y")).ShouldBe(!differs);
        Verify(hash, Encoding.UTF8.GetBytes(new string('x', length - 1))).ShouldBeFalse();
    }

    [Fact]
    public void Spare_bits_of_a_bcrypt_salt_do_not_matter() =>
        Verify("$2y$05$CCCCCCCCCCCCCCCCCCCCCCE5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"u8).ShouldBeTrue();

    [Fact]
    public void Djangos_PBKDF2_has_its_salt_as_text()
    {
        var hash = Convert.ToBase64String(
            Rfc2898DeriveBytes.Pbkdf2("password", Encoding.UTF8.GetBytes("seasalt"), 1000, HashAlgorithmName.SHA256, 32)
        );
        Verify(ImportedHash.Parse($"pbkdf2_sha256$1000$seasalt${hash}", Caps).Hash, "password"u8).ShouldBeTrue();
    }

    [Fact]
    public void Werkzeugs_PBKDF2_has_its_salt_as_text_and_its_hash_in_hex()
    {
        var hash = Convert.ToHexStringLower(
            Rfc2898DeriveBytes.Pbkdf2("password", Encoding.UTF8.GetBytes("seasalt"), 1000, HashAlgorithmName.SHA256, 32)
        );
        Verify(ImportedHash.Parse($"pbkdf2:sha256:1000$seasalt${hash}", Caps).Hash, "password"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("$P$BLYaqYuZGJc8hqfFsB8fGvS1GRgaF60", "phpass (WordPress)")]
    [InlineData("$wp$2y$10$wf6iKAQFKTEgBaIsyKUIBef500XeTSv2L1v1YoE0g6AzADcHCmNPq", "WordPress 6.8")]
    [InlineData("4lf/rPy3dklGjihgqmUw/USdalhG6LoCLOPQik3sYiJtwhLr2FrjK7KSvtNv2q2pIjdgMLRzTknZ6gNQs/ykSw==", "scrypt (Firebase)")]
    [InlineData("scrypt:32768:8:1$abc$00", "scrypt")]
    [InlineData("$6$salt$hash", "SHA-512-crypt")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99", "MD5")]
    [InlineData("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "SHA-1")]
    public void The_reason_names_what_an_unknown_hash_looks_like_and_shows_nothing_of_it(string text, string name)
    {
        var refused = ImportedHash.Parse(text, Caps).Refused.ShouldNotBeNull();
        refused.ShouldContain("it looks like");
        refused.ShouldContain(name);
        refused.ShouldNotContain(text[^6..]);
    }

    [Theory]
    [InlineData("$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "MOST_BCRYPT_COST")]
    [InlineData("$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "not a bcrypt hash")]
    [InlineData("peppered:$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "with a pepper")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "not a bcrypt hash")]
    [InlineData("$argon2id$v=19$m=131073,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "MOST_ARGON2_MEMORY")]
    [InlineData("$argon2id$v=19$m=256,t=11,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "MOST_ARGON2_PASSES")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=5$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "MOST_ARGON2_LANES")]
    [InlineData("$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "not an Argon2 hash")]
    [InlineData("$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "not an Argon2 hash")]
    [InlineData("$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "Argon2d")]
    [InlineData("$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "not an Argon2 hash")]
    [InlineData("$pbkdf2-sha256$1500001$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", "MOST_PBKDF2_ROUNDS")]
    [InlineData("$pbkdf2-sha1$750001$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", "MOST_PBKDF2_ROUNDS")]
    [InlineData("$pbkdf2-md5$1000$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", "no known kind")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99", "no known kind")]
    [InlineData("$6$salt$hash", "no known kind")]
    [InlineData("password", "no known kind")]
    [InlineData("", "no known kind")]
    public void What_cannot_be_checked_at_a_login_is_refused(string text, string because) =>
        ImportedHash.Parse(text, Caps).Refused.ShouldNotBeNull().ShouldContain(because);

    [Theory]
    [InlineData("$2b$13$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$argon2id$v=19$m=131072,t=10,p=4$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$pbkdf2-sha256$1500000$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ")]
    [InlineData("pbkdf2_sha256$1200000$c29tZXNhbHQ$hsYF68OiOUPdDZ1FgxfJPeq1hxgXXY7acBp9x6cxtmQ=")] // Django 6
    public void The_highest_costs_are_accepted(string text) => ImportedHash.Parse(text, Caps).Refused.ShouldBeNull();

    [Fact]
    public void ASP_NET_Identity_with_too_many_rounds_or_a_cut_salt_is_refused()
    {
        ImportedHash.Parse(Identity(rounds: 1_500_001, saltBytes: 16), Caps).Refused.ShouldNotBeNull().ShouldContain("MOST_PBKDF2_ROUNDS");
        ImportedHash.Parse(Identity(rounds: uint.MaxValue, saltBytes: 16), Caps).Refused.ShouldNotBeNull();
        ImportedHash.Parse(Identity(rounds: 1000, saltBytes: uint.MaxValue), Caps).Refused.ShouldNotBeNull();
        ImportedHash.Parse(Identity(rounds: 1000, saltBytes: 16), Caps).Refused.ShouldBeNull();
    }

    [Fact]
    public void Only_the_operator_raises_a_cap() =>
        ImportedHash
            .Parse("$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", Caps with { BcryptCost = 14 })
            .Refused.ShouldBeNull();

    [Fact]
    public void A_decoy_is_of_its_kind_and_matches_nothing()
    {
        foreach (
            var text in new[]
            {
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs",
                "$pbkdf2-sha1$i=1000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA",
            }
        )
        {
            var kind = PasswordHash.KindOf(text).ShouldNotBeNull();
            PasswordHash.KindOf(kind.DummyHash).ShouldBe(kind);
            Verify(kind.DummyHash, "password"u8).ShouldBeFalse();
        }
    }

    private static string Identity(uint rounds, uint saltBytes)
    {
        var bytes = new byte[13 + 16 + 32];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 1);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), rounds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), saltBytes);
        return Convert.ToBase64String(bytes);
    }

    private static bool Verify(string stored, ReadOnlySpan<byte> password)
    {
        using var memory = new Argon2Memory();
        return Hash.Verify(stored, password, memory);
    }

    private static string Pbkdf2(string digest, int rounds, string salt, string hex) =>
        $"$pbkdf2-{digest}${rounds}${Convert.ToBase64String(Encoding.ASCII.GetBytes(salt))}${Convert.ToBase64String(Convert.FromHexString(hex))}";
}
