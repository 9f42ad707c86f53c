using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// A CosyncJWT server's field encryption: base64 of a 16-byte initial counter block and the AES-256-CTR ciphertext (NIST SP 800-38A
/// §6.5), keyed with the SHA-256 of the configured text. Without a key, fields are not encrypted.
/// </summary>
public sealed class CosyncEncryption(string? keyText)
{
    private const int BlockBytes = 16;
    private readonly byte[]? key = keyText is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(keyText));

    /// <summary>The decrypted field; null when it was not encrypted this way.</summary>
    public string? DecryptField(string? field)
    {
        if (field is null || key is null)
        {
            return field;
        }

        var bytes = new byte[field.Length];
        return Convert.TryFromBase64String(field, bytes, out var length) && length >= BlockBytes
            ? Utf8(Decrypt(key, bytes.AsSpan(0, length)))
            : null;
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> encrypted)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var (counter, clear) = (encrypted[..BlockBytes].ToArray(), encrypted[BlockBytes..].ToArray());
        var stream = new byte[BlockBytes];
        for (var at = 0; at < clear.Length; at += BlockBytes)
        {
#pragma warning disable CA5358 // CTR mode encrypts single counter blocks
            aes.EncryptEcb(counter, stream, PaddingMode.None);
#pragma warning restore CA5358
            for (var i = 0; i < BlockBytes && at + i < clear.Length; i++)
            {
                clear[at + i] ^= stream[i];
            }

            Increment(counter);
        }

        return clear;
    }

    private static void Increment(byte[] counter)
    {
        for (var i = BlockBytes - 1; i >= 0 && ++counter[i] == 0; i--) { }
    }

    private static string? Utf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
