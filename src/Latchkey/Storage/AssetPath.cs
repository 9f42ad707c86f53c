using System.Globalization;
using System.Text;
using Latchkey.Core;

namespace Latchkey.Storage;

/// <summary>
/// The name that an app gives a file, such as <c>holiday/beach.jpg</c>. It is for people and apps. An object's key has only its last part,
/// made safe, behind folders that the server chooses: so no name leads out of them, and no two files meet.
/// </summary>
/// <param name="Text">As the app sent it, in Unicode's form C.</param>
/// <param name="KeyName">The last part with letters, digits, dash, dot and underscore alone.</param>
public sealed record AssetPath(string Text, string KeyName)
{
    private const int MaxLength = 255;
    private const int MaxKeyNameLength = 100;
    private const int MaxDepth = 20;

    /// <summary>602 for a path that is empty, too long, absolute, or has empty, dotted or invisible parts.</summary>
    public static Result<AssetPath> Parse(string raw)
    {
        if (raw.Length > MaxLength || !Field.IsStorable(raw))
        {
            return ErrorCodes.InvalidData.WithCause("path is too long");
        }

        var text = raw.Normalize(NormalizationForm.FormC);
        var parts = text.Split('/');
        return parts.Length <= MaxDepth && parts.All(IsName) && text.EnumerateRunes().All(IsVisible)
            ? new AssetPath(text, Safe(parts[^1]))
            : ErrorCodes.InvalidData.WithCause("path is not a file's name");
    }

    /// <summary>No empty part, no spaces around it, and none that a file system reads as a folder above or a device.</summary>
    private static bool IsName(string part)
    {
        var folded = part.Normalize(NormalizationForm.FormKC); // a full-width dot or slash is one for others
        return folded.Length > 0
            && !folded.All(c => c is '.' or ' ')
            && !char.IsWhiteSpace(folded[0])
            && !char.IsWhiteSpace(folded[^1])
            && !folded.StartsWith("..", StringComparison.Ordinal)
            && folded.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '%']) < 0;
    }

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Surrogate
            )
        && (rune.Value == ' ' || !Rune.IsWhiteSpace(rune));

    /// <summary>The end of a name stays, because it has the extension.</summary>
    private static string Safe(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '_'));
        safe = (safe.Length > MaxKeyNameLength ? safe[^MaxKeyNameLength..] : safe).TrimStart('.');
        return safe.Length == 0 ? "file" : safe;
    }
}
