using System.Globalization;
using System.Text;

namespace Latchkey.Core;

/// <summary>A code as people type it or paste it: digits of any script, in groups, full-width.</summary>
public static class TypedCode
{
    public const int DigitCount = 6;

    private const int MaxLength = 64;

    public static bool IsSixDigits(string text) => text.Length == DigitCount && text.All(char.IsAsciiDigit);

    /// <summary>The six digits that were meant; any other text, such as a link's token, comes back trimmed.</summary>
    public static string ParseSixDigits(string typed)
    {
        var text = typed.Trim();
        return Fold(text) is { } folded && IsSixDigits(folded) ? folded : text;
    }

    /// <summary>
    /// NFKC, decimal digits of all scripts as ASCII, without white space and hyphens. A text that is too long for a code, or that cannot be
    /// normalised, comes back as it is.
    /// </summary>
    public static string Fold(string typed)
    {
        if (typed.Length > MaxLength || !Field.IsStorable(typed))
        {
            return typed;
        }

        var folded = new StringBuilder(typed.Length);
        foreach (var rune in typed.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.DashPunctuation)
            {
                folded.Append(rune);
            }
        }

        return folded.ToString();
    }
}
