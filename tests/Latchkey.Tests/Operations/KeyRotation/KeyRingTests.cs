using System.Security.Cryptography;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Operations.KeyRotation;

/// <summary>The key ring by itself: which key seals when, and what its folder may be.</summary>
public sealed class KeyRingTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly string path = Directory.CreateTempSubdirectory("latchkey-ring-").FullName;
    private readonly ManualClock clock = new(Noon);

    public void Dispose() => Directory.Delete(path, recursive: true);

    [Fact]
    public void A_new_key_seals_from_its_time_on_and_the_old_one_goes_on_opening()
    {
        var ring = Ring();
        var (old, before) = (ring.CurrentId, ring.Encrypt("purpose", "secret"));
        var next = Folder().Create(Noon.AddSeconds(60));
        ring.Reload().ShouldBeTrue();
        (ring.CurrentId, ring.Keys.Count).ShouldBe((old, 2));
        clock.Now = Noon.AddSeconds(59);
        ring.CurrentId.ShouldBe(old);
        clock.Now = Noon.AddSeconds(60);
        ring.CurrentId.ShouldBe(next);
        ring.Encrypt("purpose", "secret").ShouldStartWith(KeyRing.Prefix(next));
        ring.DecryptText("purpose", before).ShouldBe("secret");
    }

    [Fact]
    public void Hashes_of_before_are_found_and_new_ones_are_made_under_the_key_that_seals()
    {
        var ring = Ring();
        var before = ring.KeyedHash("code", "123456");
        Folder().Create(Noon.AddSeconds(60));
        ring.Reload();
        ring.KeyedHashes("code", "123456")[0].ShouldBe(before); // not under the key whose time is still to come
        ring.KeyedHashes("code", "123456").Length.ShouldBe(2);
        clock.Now = Noon.AddMinutes(2);
        ring.KeyedHashes("code", "123456")[0].ShouldBe(ring.KeyedHash("code", "123456"));
        ring.KeyedHashes("code", "123456")[0].ShouldNotBe(before);
        ring.KeyedHashes("code", "123456").ShouldContain(before);
    }

    [Fact]
    public void A_node_whose_clock_is_slow_opens_what_others_seal_and_looks_again_for_keys_it_does_not_know()
    {
        var slow = Ring();
        Folder().Create(Noon.AddSeconds(60));
        var ahead = KeyRing.Open(Folder(), new ManualClock(Noon.AddMinutes(5)));
        var text = ahead.Encrypt("purpose", "secret");
        clock.Elapsed = TimeSpan.FromSeconds(2);
        slow.DecryptText("purpose", text).ShouldBe("secret");
        slow.CurrentId.ShouldNotBe(ahead.CurrentId);
    }

    [Fact]
    public void A_clock_before_all_keys_seals_with_the_oldest()
    {
        var ring = Ring();
        Folder().Create(Noon.AddSeconds(60));
        ring.Reload();
        clock.Now = Noon.AddYears(-1);
        ring.CurrentId.ShouldBe(ring.Keys[^1].Id);
    }

    [Fact]
    public void Unknown_keys_send_nobody_to_the_disk_more_than_once_a_second()
    {
        var ring = Ring();
        var id = Folder().Create(Noon.AddSeconds(-60));
        for (var i = 0; i < 1000; i++)
        {
            ring.DerivedKey(id, "purpose").ShouldBeNull();
        }

        clock.Elapsed = TimeSpan.FromSeconds(1);
        ring.DerivedKey(id, "purpose").ShouldNotBeNull();
    }

    [Fact]
    public void A_passphrase_encrypts_the_file_and_only_it_opens_it()
    {
        var text = KeyRing.Open(Folder("right horse"), clock).Encrypt("purpose", "secret");
        var file = Directory.GetFiles(path, "*.key").Single();
        File.ReadAllText(file).ShouldStartWith("argon2id.");
        KeyRing.Open(Folder("right horse"), clock).DecryptText("purpose", text).ShouldBe("secret");
        Should.Throw<InvalidSettingException>(() => KeyRing.Open(Folder("wrong horse"), clock)).Message.ShouldContain("does not decrypt");
        Should.Throw<InvalidSettingException>(() => KeyRing.Open(Folder(), clock)).Message.ShouldContain("LATCHKEY_KEYS_PASSPHRASE");

        var changed = File.ReadAllText(file).Trim();
        File.WriteAllText(file, string.Concat(changed.AsSpan(0, changed.Length - 1), changed[^1] == 'A' ? "B" : "A"));
        Should.Throw<InvalidSettingException>(() => KeyRing.Open(Folder("right horse"), clock));
    }

    /// <summary>Both are under "right horse", made with libsodium and AES-GCM outside of Latchkey.</summary>
    [Theory]
    [InlineData(
        "argon2id.3.65536.AAECAwQFBgcICQoLDA0ODw.AAAAAAAAAAAAAAAAVUr1_vu3VHbt5VuwVAdr7Ux3PmGr6B1N63UVGEXA7jDpWhtEnyxic1eJa9Z9uRXX",
        true
    )]
    [InlineData(
        "argon2id.1.8.AAECAwQFBgcICQoLDA0ODw.AAAAAAAAAAAAAAAA863Jw_iWU982636PEK0Q_ITMsixM2SNdOHcBIhbA5A6rLNFjQ1GUdAw5zO4J8WKg",
        false
    )]
    public void A_cost_that_Latchkey_never_writes_is_not_accepted(string file, bool isAccepted) =>
        (new Passphrase("right horse").Decrypt("20260131120001", file) is not null).ShouldBe(isAccepted);

    [Fact]
    public void A_change_of_the_passphrase_that_was_killed_is_completed_by_a_repetition()
    {
        var text = Ring().Encrypt("purpose", "secret");
        Folder().Create(Noon.AddSeconds(60));
        Folder("one").Encrypt(null).ShouldBe(2);
        var late = Directory.GetFiles(path, "*.key").Order(StringComparer.Ordinal).Last();
        var before = File.ReadAllBytes(late);
        Folder("one").Encrypt("two").ShouldBe(2);
        File.WriteAllBytes(late, before); // as if the process had died between the two
        Should.Throw<InvalidSettingException>(() => Folder("one").Encrypt("three"));
        Folder("one").Encrypt("two").ShouldBe(2);
        KeyRing.Open(Folder("two"), clock).DecryptText("purpose", text).ShouldBe("secret");
    }

    [Fact]
    public void Keys_can_be_encrypted_later_and_under_another_passphrase()
    {
        var text = Ring().Encrypt("purpose", "secret");
        Folder("one").Create(Noon.AddSeconds(60));
        Folder("one").Warnings().Single().ShouldContain("not encrypted");
        Folder("one").Encrypt(null).ShouldBe(2);
        Folder("one").Warnings().ShouldBeEmpty();
        Folder("one").Encrypt("two").ShouldBe(2);
        KeyRing.Open(Folder("two"), clock).DecryptText("purpose", text).ShouldBe("secret");
        Should.Throw<InvalidSettingException>(() => KeyRing.Open(Folder("one"), clock));
        Directory.GetFiles(path).Length.ShouldBe(2);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_where_writing_is_needed()
    {
        var folder = new KeyFolder("/proc/self/latchkey-keys");
        Should
            .Throw<InvalidSettingException>(() => KeyRing.Open(folder, clock))
            .Message.ShouldContain("/proc/self/latchkey-keys cannot be written");
        Should.Throw<InvalidSettingException>(() => folder.Create(Noon)).Message.ShouldContain("rotate --to");
    }

    [Fact]
    public void Opening_writes_nothing_so_a_mounted_secret_works()
    {
        var id = Ring().CurrentId;
        var mounted = Path.Combine(path, "mounted");
        Directory.CreateDirectory(Path.Combine(mounted, "..data"));
        File.Move(Path.Combine(path, $"{id}.key"), Path.Combine(mounted, "..data", $"{id}.key"));
        File.CreateSymbolicLink(Path.Combine(mounted, $"{id}.key"), Path.Combine("..data", $"{id}.key")); // as Kubernetes does
        var before = Directory.GetLastWriteTimeUtc(mounted);
        KeyRing.Open(new KeyFolder(mounted), clock).CurrentId.ShouldBe(id);
        Directory.GetLastWriteTimeUtc(mounted).ShouldBe(before);
    }

    [Fact]
    public void Whoever_else_may_read_the_keys_is_warned_about()
    {
        Ring();
        Folder().Warnings().ShouldBeEmpty();
        var file = Directory.GetFiles(path, "*.key").Single();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Folder().Warnings().Single().ShouldContain(file);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
        Folder().Warnings().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("primary", "AAAA")]
    [InlineData("20260131120001", "not base64")]
    [InlineData("20260131120001", "AAAA")]
    [InlineData("20260131120001", "argon2id.3.65536.AAAA")]
    [InlineData("20260131120001", "argon2id.9999.65536.AAAAAAAAAAAAAAAAAAAAAA.AAAA")]
    public void A_file_that_is_no_key_is_refused_and_a_running_ring_goes_on(string name, string text)
    {
        var ring = Ring();
        File.WriteAllText(Path.Combine(path, $"{name}.key"), text);
        Should.Throw<InvalidSettingException>(() => KeyRing.Open(Folder("any"), clock)).Message.ShouldContain(name);
        Should.Throw<InvalidSettingException>(() => ring.Reload());
        ring.DecryptText("purpose", ring.Encrypt("purpose", "secret")).ShouldBe("secret");
    }

    [Fact]
    public void What_another_ring_sealed_does_not_open()
    {
        var ring = Ring();
        foreach (var text in new[] { "v1.20200101000000.AAAA", "v1.x.AAAA", "v2.1.1", "", "v1..", ring.Encrypt("other", "secret") })
        {
            Should.Throw<CryptographicException>(() => ring.Open("purpose", text));
        }

        Should
            .Throw<CryptographicException>(() => ring.Open("purpose", "v1.20200101000000.AAAA"))
            .Message.ShouldContain("lacks the key 20200101000000");
    }

    private KeyFolder Folder(string? passphrase = null) => new(path, passphrase);

    private KeyRing Ring() => KeyRing.Open(Folder(), clock);

    private sealed class ManualClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
