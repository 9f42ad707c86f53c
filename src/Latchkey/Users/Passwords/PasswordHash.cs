using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Creates and verifies stored hashes, which contain their parameters: Argon2id, and imported kinds (<see cref="HashKind"/>). A prefix
/// marks hashes made with the pepper. Slow by design: only <see cref="PasswordHasher"/> calls it.
/// </summary>
public sealed class PasswordHash(string pepper)
{
    public const string PepperPrefix = "peppered:";

    private readonly byte[] pepperKey = Encoding.UTF8.GetBytes(pepper);

    public string Create(ReadOnlySpan<byte> password, Argon2Memory memory)
    {
        var peppered = pepperKey.Length > 0;
        var input = peppered ? Pepper(password) : password;
        return (peppered ? PepperPrefix : "") + HashKind.Current.Create(input, memory);
    }

    public bool Verify(string hash, ReadOnlySpan<byte> password, Argon2Memory memory)
    {
        var (peppered, bare) = Split(hash);
        return HashKind.Parse(bare)?.Verify(bare, peppered ? Pepper(password) : password, memory) ?? false;
    }

    /// <summary>Whether the hash is not of the current kind; the next login then rehashes the password.</summary>
    public bool IsOutdated(string hash)
    {
        var (peppered, bare) = Split(hash);
        return peppered != pepperKey.Length > 0 || HashKind.Parse(bare) != HashKind.Current;
    }

    /// <summary>The kind of a stored hash; null when it is damaged.</summary>
    public static HashKind? KindOf(string hash) => HashKind.Parse(Split(hash).Bare);

    private byte[] Pepper(ReadOnlySpan<byte> password) => HMACSHA256.HashData(pepperKey, password);

    private static (bool Peppered, string Bare) Split(string hash)
    {
        var peppered = hash.StartsWith(PepperPrefix, StringComparison.Ordinal);
        return (peppered, peppered ? hash[PepperPrefix.Length..] : hash);
    }
}
