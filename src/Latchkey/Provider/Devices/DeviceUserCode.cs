using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Provider.Devices;

/// <summary>
/// The code that a person types for a device (RFC 8628 §6.1): eight consonants, which form no words and cannot be taken for one another.
/// 20^8 codes are 34.6 bits.
/// </summary>
public static class DeviceUserCode
{
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    public const int Length = 8;

    /// <summary>Without the dash.</summary>
    public static string New() => Secrets.RandomString(Alphabet, Length);

    /// <summary>As people see it: <c>XXXX-XXXX</c>.</summary>
    public static string Show(string code) => $"{code[..(Length / 2)]}-{code[(Length / 2)..]}";

    /// <summary>
    /// The code that was meant: in any case, full-width, with or without dashes and spaces. Null for what cannot be one.
    /// </summary>
    public static string? Parse(string? typed) =>
        typed is not null
        && TypedCode.Fold(typed).ToUpperInvariant() is { Length: Length } code
        && code.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal))
            ? code
            : null;
}
