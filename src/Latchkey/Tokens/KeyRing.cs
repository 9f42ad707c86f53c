using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Tokens;

/// <summary>
/// The installation's root keys, in a folder outside the database: one file a key, the newest one in use, all of them still
/// opening what they sealed. Everything secret derives from them (HKDF-SHA-256): a dump of the database alone opens nothing.
/// </summary>
public sealed class KeyRing
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Format = "v1";

    private readonly IReadOnlyDictionary<string, byte[]> roots;
    private readonly ConcurrentDictionary<(string Root, string Purpose), byte[]> derived = new();

    private KeyRing(IReadOnlyDictionary<string, byte[]> roots)
    {
        this.roots = roots;
        CurrentId = roots.Keys.Max(StringComparer.Ordinal)!;
    }

    /// <summary>The id of the key in use; ids sort by age.</summary>
    public string CurrentId { get; }

    /// <summary>Reads the folder's keys, and makes the first one where there is none.</summary>
    public static KeyRing Open(string folder, TimeProvider clock)
    {
        CreatePrivateFolder(folder);
        var roots = ReadAll(folder);
        if (roots.Count == 0)
        {
            CreateKey(folder, clock);
            roots = ReadAll(folder);
        }

        return new KeyRing(roots);
    }

    /// <summary>AES-256-GCM under the current key, bound to its purpose (a table, column and row, say).</summary>
    public string Seal(string purpose, ReadOnlySpan<byte> secret)
    {
        var sealedBytes = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var rest = sealedBytes.AsSpan(NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(Derive(CurrentId, "seal"), TagBytes);
        cipher.Encrypt(nonce, secret, rest[..secret.Length], rest[secret.Length..], Encoding.UTF8.GetBytes(purpose));
        return $"{Format}.{CurrentId}.{Base64Url.EncodeToString(sealedBytes)}";
    }

    public string Seal(string purpose, string secret) => Seal(purpose, Encoding.UTF8.GetBytes(secret));

    /// <exception cref="CryptographicException">Another key ring sealed it, for another purpose, or it was changed.</exception>
    public byte[] Open(string purpose, string sealedText)
    {
        var parts = sealedText.Split('.');
        if (parts.Length != 3 || parts[0] != Format || !roots.ContainsKey(parts[1]))
        {
            throw new CryptographicException($"no key of this key ring opens this {purpose}");
        }

        if (!Base64Url.IsValid(parts[2]) || Base64Url.GetMaxDecodedLength(parts[2].Length) < NonceBytes + TagBytes)
        {
            throw new CryptographicException($"this {purpose} was not sealed by a key ring");
        }

        var bytes = Base64Url.DecodeFromChars(parts[2]);
        var secret = new byte[Math.Max(0, bytes.Length - NonceBytes - TagBytes)];
        using var cipher = new AesGcm(Derive(parts[1], "seal"), TagBytes);
        cipher.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, secret.Length), bytes.AsSpan(^TagBytes), secret, Encoding.UTF8.GetBytes(purpose));
        return secret;
    }

    public string OpenText(string purpose, string sealedText) => Encoding.UTF8.GetString(Open(purpose, sealedText));

    /// <summary>
    /// HMAC-SHA-256 of short secrets (codes, link tokens) for look-up: without the ring, a database dump does not tell which of
    /// the million codes it was. One hash a ring key, the current key's first.
    /// </summary>
    public string[] KeyedHashes(string purpose, string secret) =>
        [.. roots.Keys.OrderDescending(StringComparer.Ordinal).Select(root => KeyedHash(root, purpose, secret))];

    public string KeyedHash(string purpose, string secret) => KeyedHash(CurrentId, purpose, secret);

    /// <summary>A key of one purpose derived from the named root, or null when the ring has no such root.</summary>
    public byte[]? DerivedKey(string rootId, string purpose) => roots.ContainsKey(rootId) ? Derive(rootId, purpose) : null;

    private string KeyedHash(string root, string purpose, string secret) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Derive(root, $"hash:{purpose}"), Encoding.UTF8.GetBytes(secret)));

    private byte[] Derive(string root, string purpose) =>
        derived.GetOrAdd((root, purpose), key => HKDF.DeriveKey(HashAlgorithmName.SHA256, roots[key.Root], KeyBytes, info: Encoding.UTF8.GetBytes($"latchkey:{key.Purpose}")));

    private static Dictionary<string, byte[]> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder, "*.key").ToDictionary(file => Path.GetFileNameWithoutExtension(file), ReadKey, StringComparer.Ordinal);

    private static byte[] ReadKey(string file)
    {
        var key = Convert.FromBase64String(File.ReadAllText(file).Trim());
        return key.Length == KeyBytes ? key : throw new InvalidDataException($"{file} is not a key of {KeyBytes} bytes in base64.");
    }

    private static void CreateKey(string folder, TimeProvider clock)
    {
        var id = clock.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Written beside and moved in without overwriting: of two first starts, one wins and both read the winner.
        var draft = Path.Combine(folder, $".{id}.{Environment.ProcessId}");
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            if (ReadAll(folder).Count == 0)
            {
                File.Move(draft, Path.Combine(folder, $"{id}.key"), overwrite: false);
            }
        }
        catch (IOException) when (ReadAll(folder).Count > 0)
        {
            // The other first start was faster.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
