using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;

namespace Latchkey.Users.Passwords;

/// <summary>A password as a client sent it: unchecked, and one of two things, the password or its MD5 hex.</summary>
public readonly record struct RawPassword(string Text)
{
    private const int HexLength = 32;
    private const int MaxNormalisedLength = 1024;

    /// <summary>32 lower-case hex digits: what the SDKs make of a password before they send it.</summary>
    public bool LooksHashed => Text.Length == HexLength && Text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    /// <summary>
    /// The one form of a plain password's characters. What is far too long for one stays as it is, since normalising may take quadratic
    /// time, and so does what no password may hold, for which it throws.
    /// </summary>
    public string Normalised =>
        Text.Length > MaxNormalisedLength || !Field.IsStorable(Text) ? Text : Text.Normalize(NormalizationForm.FormC);

    /// <summary>What a stored hash was, or would be, made over.</summary>
    public PasswordInput ToInput(bool prehashed) =>
        prehashed
            ? new(Encoding.UTF8.GetBytes(LooksHashed ? Text : Md5(Normalised)), Prehashed: true)
            : new(Encoding.UTF8.GetBytes(Normalised), Prehashed: false);

    public override string ToString() => "(password)";

    /// <summary>MD5 here is the SDKs' wire format, not protection: Argon2id over it is.</summary>
    internal static string Md5(string text) => Convert.ToHexStringLower(Md5Bytes(Encoding.UTF8.GetBytes(text)));

#pragma warning disable CA5351 // the contract's clients send MD5
    private static byte[] Md5Bytes(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
