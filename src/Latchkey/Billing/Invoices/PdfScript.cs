using System.Text;
using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// What the PDF can write. Its font has Latin, Greek, Cyrillic, Armenian and Georgian letters. Scripts that run from right to left or join
/// their letters would come out wrong, and those of East Asia would come out as boxes.
/// </summary>
internal static class PdfScript
{
    /// <summary>Code points that must be shaped or reordered, from first to last.</summary>
    private static readonly (int First, int Last)[] Shaped =
    [
        (0x0300, 0x036F), // marks that NFC leaves alone
        (0x0590, 0x109F), // Hebrew, Arabic, the scripts of India, Thai, Tibetan, Burmese
        (0x1100, 0x11FF), // parts of Korean syllables
        (0x1700, 0x18AF), // Philippine scripts, Khmer, Mongolian
        (0x1900, 0x1CFF), // more of South and South East Asia
        (0x200B, 0x200F), // joiners and marks of direction
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFB1D, 0xFDFF), // forms of Hebrew and Arabic letters
        (0xFE00, 0xFEFF),
    ];

    /// <summary>The language of the words: the document's own, or English where the PDF cannot write it.</summary>
    public static string LanguageOf(string language) =>
        LanguageTag.Canonicalize(language) is { } tag && LanguageTag.Script(tag) == "LATN" ? language : "EN";

    /// <summary>The text in the composed form (NFC), where letters with accents are one character that the font has.</summary>
    public static string Normalize(string text) => text.IsNormalized() ? text : text.Normalize();

    /// <summary>Whether a code point must be shaped or reordered. Those that the font lacks are found while drawing.</summary>
    public static bool MustBeShaped(int codePoint) => Shaped.Any(range => codePoint >= range.First && codePoint <= range.Last);

    /// <summary>A code point as it is shown in a sentence: <c>“漢” (U+6F22)</c>.</summary>
    public static string NameOf(int codePoint) =>
        $"“{(Rune.IsValid(codePoint) ? new Rune(codePoint) : Rune.ReplacementChar)}” (U+{codePoint:X4})";
}
