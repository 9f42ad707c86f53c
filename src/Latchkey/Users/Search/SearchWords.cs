using System.Text;
using Latchkey.Core;

namespace Latchkey.Users.Search;

/// <summary>
/// Splits a search into its words. Quotation marks, also typographic ones, keep spaces, colons and asterisks:
/// <c>meta.club:"FC Kiel"*</c>. Between them, two of the same stand for one: <c>"6"" nails"</c>.
/// </summary>
public static class SearchWords
{
    private const char Wildcard = '*';
    private const char Separator = ':';

    /// <summary>The words; an error, which says where, when quotation marks are not closed.</summary>
    public static Result<IReadOnlyList<SearchWord>> Split(string text)
    {
        var words = new List<SearchWord>();
        for (var at = 0; at < text.Length; )
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var end = EndOf(text, at);
            if (end < 0)
            {
                return ErrorCodes.InvalidData with { Message = $"The quotation marks in {Strings.Printable(text[at..])} are not closed." };
            }

            words.Add(Read(text[at..end]));
            at = end;
        }

        return words;
    }

    /// <summary>A value as a word's, with quotation marks where it needs them.</summary>
    public static string Quote(string value) =>
        value.Length == 0 || value.Any(c => char.IsWhiteSpace(c) || c is Wildcard or Separator || IsQuotationMark(c)) || value[0] == '-'
            ? $"\"{string.Concat(value.Select(c => IsQuotationMark(c) ? $"{c}{c}" : $"{c}"))}\""
            : value;

    private static int EndOf(string text, int from)
    {
        var isQuoted = false;
        for (var at = from; at < text.Length; at++)
        {
            if (isQuoted && IsDoubledMark(text, at))
            {
                at++;
            }
            else if (IsQuotationMark(text[at]))
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && char.IsWhiteSpace(text[at]))
            {
                return at;
            }
        }

        return isQuoted ? -1 : text.Length;
    }

    private static SearchWord Read(string word)
    {
        var isNegated = word.Length > 1 && word[0] == '-';
        var rest = isNegated ? word[1..] : word;
        var colon = rest.IndexOf(Separator, StringComparison.Ordinal);
        var hasOperator = colon > 0 && rest[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        return new SearchWord(
            Strings.Printable(word),
            isNegated,
            hasOperator ? rest[..colon].ToLowerInvariant() : null,
            ReadPattern(hasOperator ? rest[(colon + 1)..] : rest)
        );
    }

    private static TextPattern ReadPattern(string text)
    {
        var (parts, part, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (isQuoted && IsDoubledMark(text, at))
            {
                part.Append(text[at++]);
            }
            else if (IsQuotationMark(text[at]))
            {
                isQuoted = !isQuoted;
            }
            else if (text[at] == Wildcard && !isQuoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(text[at]);
            }
        }

        return new TextPattern([.. parts, part.ToString()]);
    }

    private static bool IsDoubledMark(string text, int at) => IsQuotationMark(text[at]) && at + 1 < text.Length && text[at + 1] == text[at];

    private static bool IsQuotationMark(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';
}
