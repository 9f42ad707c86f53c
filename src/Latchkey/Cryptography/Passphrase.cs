using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// Encrypts key files: Argon2id derives a key from the passphrase, and AES-256-GCM encrypts with the key's id as
/// associated data. Each file states its cost and salt. Files of a folder share the salt, so that a start runs Argon2id only once. A cost
/// that Latchkey never wrote is not accepted, because a backup of others could state one of gigabytes and hours.
/// </summary>
public sealed class Passphrase(string text)
{
    private const string Format = "argon2id";
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;
    private static readonly Argon2 KeyDerivation = new(IsHybrid: true, MemoryKiB: 65_536, Passes: 3, Lanes: 1);

    private readonly byte[] text = Encoding.UTF8.GetBytes(text);
    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);

    public static bool IsEncrypted(string file) => file.StartsWith($"{Format}.", StringComparison.Ordinal);

    public string Encrypt(string id, ReadOnlySpan<byte> secret)
    {
        var cost =
            keys.Keys.FirstOrDefault(known => known.StartsWith(Cost(""), StringComparison.Ordinal))
            ?? Cost(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SaltBytes)));
        var bytes = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(
            DeriveCached(cost) ?? throw new CryptographicException($"{cost} is no cost of a key's passphrase"),
            TagBytes
        );
        cipher.Encrypt(
            bytes.AsSpan(0, NonceBytes),
            secret,
            bytes.AsSpan(NonceBytes, secret.Length),
            bytes.AsSpan(^TagBytes),
            AssociatedData(id)
        );
        return $"{Format}.{cost}.{Base64Url.EncodeToString(bytes)}";
    }

    /// <summary>Null when the passphrase is wrong or the file is damaged.</summary>
    public byte[]? Decrypt(string id, string file)
    {
        var parts = file.Split('.');
        if (parts.Length != 5 || DeriveCached(string.Join('.', parts[1..4])) is not { } key || !Base64Url.IsValid(parts[4]))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(parts[4]);
        if (bytes.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        try
        {
            var secret = new byte[bytes.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(
                bytes.AsSpan(0, NonceBytes),
                bytes.AsSpan(NonceBytes, secret.Length),
                bytes.AsSpan(^TagBytes),
                secret,
                AssociatedData(id)
            );
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static string Cost(string salt) =>
        string.Create(CultureInfo.InvariantCulture, $"{KeyDerivation.Passes}.{KeyDerivation.MemoryKiB}.{salt}");

    /// <param name="cost">Passes, memory in KiB and salt, separated by dots.</param>
    private byte[]? DeriveCached(string cost)
    {
        if (keys.TryGetValue(cost, out var known))
        {
            return known;
        }

        return
            cost.StartsWith(Cost(""), StringComparison.Ordinal)
            && cost[Cost("").Length..] is var text
            && Base64Url.IsValid(text)
            && Base64Url.DecodeFromChars(text) is { Length: SaltBytes } salt
            ? keys[cost] = Derive(salt)
            : null;
    }

    private byte[] Derive(byte[] salt)
    {
        var key = new byte[KeyBytes];
        try
        {
            KeyDerivation.Hash(text, salt, key);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidSettingException(
                $"Argon2id could not get its {KeyDerivation.MemoryKiB / 1024} MiB of memory for the key ring's passphrase."
            );
        }

        return key;
    }

    private static byte[] AssociatedData(string id) => Encoding.ASCII.GetBytes($"latchkey:key:{id}");
}
