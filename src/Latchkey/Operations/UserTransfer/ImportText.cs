using System.Buffers;
using System.Collections.Frozen;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Parses absent values and flags in the formats of databases and spreadsheets.</summary>
public static class ImportText
{
    private static readonly string[] Nulls = ["NULL", "\\N", "(null)", "<null>", "[NULL]"];
    private static readonly string[] Words = ["null", "none", "nil", "undefined"];

    /// <summary>Smaller numbers are no times of an event: 1973, in milliseconds.</summary>
    private const long FirstTime = 100_000_000_000;

    private static readonly SearchValues<char> NullBeginnings = SearchValues.Create("Nn\\(<[Uu ");

    private static readonly FrozenDictionary<string, bool> Flags = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true,
        ["t"] = true,
        ["1"] = true,
        ["yes"] = true,
        ["y"] = true,
        ["on"] = true,
        ["1.0"] = true,
        ["b'1'"] = true, // MySQL's BIT
        ["\u0001"] = true,
        ["verified"] = true,
        ["confirmed"] = true,
        ["wahr"] = true, // Excel in German and French
        ["vrai"] = true,
        ["false"] = false,
        ["f"] = false,
        ["0"] = false,
        ["no"] = false,
        ["n"] = false,
        ["off"] = false,
        ["0.0"] = false,
        ["b'0'"] = false,
        ["unverified"] = false,
        ["unconfirmed"] = false,
        ["falsch"] = false,
        ["faux"] = false,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a text means an absent value. User names and other free texts can be the word null, but not NULL.</summary>
    public static bool IsNull(UserField field, string? text)
    {
        if (text is null)
        {
            return true;
        }

        if (text.Length is 0 or > 9 || !NullBeginnings.Contains(text[0]))
        {
            return false;
        }

        var trimmed = text.Trim();
        return Nulls.Contains(trimmed, StringComparer.Ordinal)
            || (
                field is not (UserField.UserName or UserField.ProviderSubject or UserField.MetaData or UserField.InviteMetaData)
                && Words.Contains(trimmed, StringComparer.OrdinalIgnoreCase)
            );
    }

    /// <summary>A flag; null when it is not one.</summary>
    public static bool? Flag(string text) => Flags.TryGetValue(text, out var flag) ? flag : null;

    /// <summary>A flag, or the time when it was set; null when it is neither.</summary>
    public static bool? FlagOrTime(string text) =>
        Flag(text)
        ?? (
            ImportTime.IsNever(text) ? false
            : ImportTime.Read(text) > FirstTime ? true
            : null
        );
}
