using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// The installation's root keys, in a folder outside the database. The newest active key encrypts; all keys decrypt. All secrets are
/// protected by keys derived from them (HKDF-SHA-256), so a database dump alone reveals none.
/// </summary>
public sealed class KeyRing
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Format = "v1";
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(1);

    private readonly KeyFolder? folder;
    private readonly TimeProvider clock;
    private readonly Lock reading = new();
    private readonly ConcurrentDictionary<(string Root, string Purpose), byte[]> derived = new();
    private volatile IReadOnlyList<RootKey> roots = []; // newest first
    private long reloadedAt;

    private KeyRing(KeyFolder? folder, TimeProvider clock) => (this.folder, this.clock) = (folder, clock);

    /// <summary>All known keys, newest first; the first ones may not be active yet.</summary>
    public IReadOnlyList<RootKey> Keys => roots;

    /// <summary>The id of the key that encrypts now: the newest active one. If a clock is slow and none is active, the oldest.</summary>
    public string CurrentId => Current.Id;

    /// <summary>Reads the folder's keys; creates the first one if there is none.</summary>
    /// <exception cref="InvalidSettingException">The keys cannot be read, or the first one cannot be written.</exception>
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

    /// <summary>A key ring of keys that stand in no folder yet, such as those of a backup.</summary>
    /// <param name="keys">At least one.</param>
    /// <param name="clock">The clock that says which key is active.</param>
    public static KeyRing FromKeys(IEnumerable<RootKey> keys, TimeProvider clock) =>
        new(folder: null, clock) { roots = [.. keys.OrderByDescending(key => key.Id, StringComparer.Ordinal)] };

    /// <summary>Loads new keys from the folder; true when there were any. A deleted key stays in memory until the process ends.</summary>
    /// <exception cref="InvalidSettingException">A new file is not a key.</exception>
    public bool Reload()
    {
        lock (reading)
        {
            reloadedAt = clock.GetTimestamp();
            var more = folder?.Read([.. roots.Select(root => root.Id)]) ?? [];
            roots = [.. roots.Concat(more).OrderByDescending(root => root.Id, StringComparer.Ordinal)];
            return more.Count > 0;
        }
    }

    /// <summary>
    /// Encrypts with AES-256-GCM under the current key. The purpose (for example table, column and row) is authenticated.
    /// </summary>
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

    /// <exception cref="CryptographicException">It was encrypted by another key ring or for another purpose, or it was
    /// modified.</exception>
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

    /// <summary>
    /// As <see cref="Open"/>, for what a client sends back; null for anything that this key ring has not encrypted for this purpose. A text
    /// has one spelling only.
    /// </summary>
    public byte[]? TryOpen(string purpose, string sealedText)
    {
        if (
            sealedText.Split('.') is not [Format, var rootId, var encoded]
            || !Base64Url.IsValid(encoded)
            || Base64Url.GetMaxDecodedLength(encoded.Length) < NonceBytes + TagBytes
            || Base64Url.EncodeToString(Base64Url.DecodeFromChars(encoded)) != encoded
            || Find(rootId) is null
        )
        {
            return null;
        }

        try
        {
            return Open(purpose, sealedText);
        }
        catch (CryptographicException)
        {
            return null; // modified, or sealed for something else
        }
    }

    public string DecryptText(string purpose, string sealedText) => Encoding.UTF8.GetString(Open(purpose, sealedText));

    /// <summary>The prefix of everything encrypted under this key.</summary>
    public static string Prefix(string keyId) => $"{Format}.{keyId}.";

    /// <summary>
    /// HMAC-SHA-256 of short secrets (codes, link tokens) for look-up: without the key ring, a database dump does not reveal which of the
    /// million codes it was. One hash per root key, the current key's first, so that codes survive a key rotation.
    /// </summary>
    public string[] KeyedHashes(string purpose, string secret)
    {
        var current = CurrentId;
        return [.. roots.OrderByDescending(root => root.Id == current).Select(root => KeyedHash(root, purpose, secret))];
    }

    public string KeyedHash(string purpose, string secret) => KeyedHash(Current, purpose, secret);

    /// <summary>A key for one purpose, derived from the root key; null when the ring has no such root key.</summary>
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
    /// Finds a key. Another node may just have created an unknown one, so the folder is read again, at most once per second.
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
            return false; // KeyRingWatcher logs the error
        }
    }
}
