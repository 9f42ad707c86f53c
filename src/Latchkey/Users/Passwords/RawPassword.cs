using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;

namespace Latchkey.Users.Passwords;

/// <summary>A password as received, not validated: the password itself or its MD5 hex.</summary>
public readonly record struct RawPassword(string Text)
{
    private const int HexLength = 32;
    private const int MaxNormalisedLength = 1024;

    /// <summary>Whether it is 32 lower-case hex digits: the MD5 that the SDKs send in place of a password.</summary>
    public bool LooksHashed => Text.Length == HexLength && Text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    /// <summary>
    /// The Unicode-normalised form. Text that is far too long is left unchanged, because normalising can take quadratic time; so is text
    /// with invalid characters, which would throw.
    /// </summary>
    public string Normalised =>
        Text.Length > MaxNormalisedLength || !Field.IsStorable(Text) ? Text : Text.Normalize(NormalizationForm.FormC);

    /// <summary>The input for hashing.</summary>
    public PasswordInput ToInput(bool prehashed) =>
        prehashed
            ? new(Encoding.UTF8.GetBytes(LooksHashed ? Text : Md5(Normalised)), Prehashed: true)
            : new(Encoding.UTF8.GetBytes(Normalised), Prehashed: false);

    public override string ToString() => "(password)";

    /// <summary>MD5 is the wire format of the SDKs, not a protection; the result is hashed with Argon2id.</summary>
    internal static string Md5(string text) => Convert.ToHexStringLower(Md5Bytes(Encoding.UTF8.GetBytes(text)));

#pragma warning disable CA5351 // the contract's clients send MD5
    private static byte[] Md5Bytes(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
