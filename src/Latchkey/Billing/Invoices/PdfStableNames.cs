using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// Replaces the random names that PDFsharp writes into a file, so that the same document gives the same bytes: the tags of embedded fonts
/// (ISO 32000-1 §9.6.4) and the ids of its metadata. Lengths do not change, so the file's table of places stays right.
/// </summary>
internal static partial class PdfStableNames
{
    /// <param name="file">A PDF.</param>
    /// <param name="id">16 bytes that tell this document from others.</param>
    public static byte[] Apply(byte[] file, byte[] id)
    {
        var tags = new List<string>();
        var uuid = $"uuid:{new Guid(id):D}";
        var text = FontTag().Replace(Encoding.Latin1.GetString(file), match => $"/{StableTag(match.Groups["tag"].Value, tags)}+DejaVu");
        return Encoding.Latin1.GetBytes(Uuid().Replace(text, uuid));
    }

    /// <summary>AAAAAA for the first font of a file, AAAAAB for the second.</summary>
    private static string StableTag(string tag, List<string> tags)
    {
        if (!tags.Contains(tag))
        {
            tags.Add(tag);
        }

        return $"AAAAA{(char)('A' + tags.IndexOf(tag))}";
    }

    [GeneratedRegex(@"/(?<tag>[A-Z]{6})\+DejaVu", RegexOptions.None, 10_000)]
    private static partial Regex FontTag();

    [GeneratedRegex("uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Uuid();
}
