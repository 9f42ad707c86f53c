using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// The installation's root keys, in a folder outside the database. The newest one whose time has come seals; all of them open what
/// they sealed. Everything secret derives from them (HKDF-SHA-256): a dump of the database alone opens nothing.
/// </summary>
public sealed class KeyRing
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Format = "v1";
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(1);

    private readonly KeyFolder folder;
    private readonly TimeProvider clock;
    private readonly Lock reading = new();
    private readonly ConcurrentDictionary<(string Root, string Purpose), byte[]> derived = new();
    private volatile IReadOnlyList<RootKey> roots = []; // newest first
    private long reloadedAt;

    private KeyRing(KeyFolder folder, TimeProvider clock) => (this.folder, this.clock) = (folder, clock);

    /// <summary>All keys that are known, newest first; the first ones may not seal yet.</summary>
    public IReadOnlyList<RootKey> Keys => roots;

    /// <summary>
    /// The id of the key that seals now: the newest whose time has come. The oldest seals even before, if a clock is slow.
    /// </summary>
    public string CurrentId => Current.Id;

    /// <summary>Reads the folder's keys, and makes the first one where there is none.</summary>
    /// <exception cref="InvalidSettingException">The folder's keys cannot be read, or the first one not be written.</exception>
    public static KeyRing Open(KeyFolder folder, TimeProvider clock)
    {
        var ring = new KeyRing(folder, clock);
        if (!ring.Reload())
        {
            folder.CreateFirst(clock.GetUtcNow());
            ring.Reload();
        }

        return ring;
    }

    /// <summary>
    /// Takes up keys that came into the folder; true when there were any. One that is gone stays in memory until the process ends.
    /// </summary>
    /// <exception cref="InvalidSettingException">A new file is no key.</exception>
    public bool Reload()
    {
        lock (reading)
        {
            reloadedAt = clock.GetTimestamp();
            var more = folder.Read([.. roots.Select(root => root.Id)]);
            roots = [.. roots.Concat(more).OrderByDescending(root => root.Id, StringComparer.Ordinal)];
            return more.Count > 0;
        }
    }

    /// <summary>AES-256-GCM under the current key, bound to its purpose (a table, column and row, say).</summary>
    public string Encrypt(string purpose, ReadOnlySpan<byte> secret)
    {
        var current = Current;
        var sealedBytes = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var rest = sealedBytes.AsSpan(NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(Derive(current, "seal"), TagBytes);
        cipher.Encrypt(nonce, secret, rest[..secret.Length], rest[secret.Length..], Encoding.UTF8.GetBytes(purpose));
        return $"{Prefix(current.Id)}{Base64Url.EncodeToString(sealedBytes)}";
    }

    public string Encrypt(string purpose, string secret) => Encrypt(purpose, Encoding.UTF8.GetBytes(secret));

    /// <exception cref="CryptographicException">Another key ring sealed it, for another purpose, or it was changed.</exception>
    public byte[] Open(string purpose, string sealedText)
    {
        var parts = sealedText.Split('.');
        if (parts.Length != 3 || parts[0] != Format || Find(parts[1]) is not { } root)
        {
            throw new CryptographicException(
                parts.Length == 3 && RootKey.ParseTime(parts[1]) is not null
                    ? $"the key ring lacks the key {parts[1]}, which sealed this {purpose}: copy its file from the node that has it"
                    : $"no key of this key ring opens this {purpose}"
            );
        }

        if (!Base64Url.IsValid(parts[2]) || Base64Url.GetMaxDecodedLength(parts[2].Length) < NonceBytes + TagBytes)
        {
            throw new CryptographicException($"this {purpose} was not sealed by a key ring");
        }

        var bytes = Base64Url.DecodeFromChars(parts[2]);
        var secret = new byte[Math.Max(0, bytes.Length - NonceBytes - TagBytes)];
        using var cipher = new AesGcm(Derive(root, "seal"), TagBytes);
        cipher.Decrypt(
            bytes.AsSpan(0, NonceBytes),
            bytes.AsSpan(NonceBytes, secret.Length),
            bytes.AsSpan(^TagBytes),
            secret,
            Encoding.UTF8.GetBytes(purpose)
        );
        return secret;
    }

    public string DecryptText(string purpose, string sealedText) => Encoding.UTF8.GetString(Open(purpose, sealedText));

    /// <summary>What everything that this key sealed begins with.</summary>
    public static string Prefix(string keyId) => $"{Format}.{keyId}.";

    /// <summary>
    /// HMAC-SHA-256 of short secrets (codes, link tokens) for look-up: without the ring, a database dump does not tell which of
    /// the million codes it was. One hash a ring key, the current key's first, so that codes outlive a rotation.
    /// </summary>
    public string[] KeyedHashes(string purpose, string secret)
    {
        var current = CurrentId;
        return [.. roots.OrderByDescending(root => root.Id == current).Select(root => KeyedHash(root, purpose, secret))];
    }

    public string KeyedHash(string purpose, string secret) => KeyedHash(Current, purpose, secret);

    /// <summary>A key of one purpose derived from the named root, or null when the ring has no such root.</summary>
    public byte[]? DerivedKey(string rootId, string purpose) => Find(rootId) is { } root ? Derive(root, purpose) : null;

    private RootKey Current
    {
        get
        {
            var (all, now) = (roots, clock.GetUtcNow());
            return all.FirstOrDefault(root => root.ActiveFrom <= now) ?? all[^1];
        }
    }

    private string KeyedHash(RootKey root, string purpose, string secret) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Derive(root, $"hash:{purpose}"), Encoding.UTF8.GetBytes(secret)));

    private byte[] Derive(RootKey root, string purpose) =>
        derived.GetOrAdd(
            (root.Id, purpose),
            static (key, secret) =>
                HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes($"latchkey:{key.Purpose}")),
            root.Secret
        );

    /// <summary>
    /// An id that is not known may be a key that another node has just made: the folder is looked at again, once a second at most.
    /// </summary>
    private RootKey? Find(string id) =>
        FindLoaded(id) ?? (RootKey.ParseTime(id) is not null && IsReloadDue() && TryReload() ? FindLoaded(id) : null);

    private RootKey? FindLoaded(string id)
    {
        foreach (var root in roots)
        {
            if (root.Id == id)
            {
                return root;
            }
        }

        return null;
    }

    private bool IsReloadDue() => clock.GetElapsedTime(Interlocked.Read(ref reloadedAt)) >= ReloadInterval;

    private bool TryReload()
    {
        try
        {
            return Reload();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidSettingException)
        {
            return false; // the follower says so in the log
        }
    }
}
