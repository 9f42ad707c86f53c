using System.Globalization;
using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Quotes a word for a shell, without characters that control a terminal.</summary>
public static class ShellWord
{
    private const string Plain = "_./:@%+=-";

    public static string Quote(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)))
        {
            return word;
        }

        if (!word.Any(IsUnsafe))
        {
            return $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        }

        var text = new StringBuilder("$'"); // ANSI-C quoting, in bash and zsh
        foreach (var c in word)
        {
            text.Append(
                IsUnsafe(c) ? string.Create(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}")
                : c is '\'' or '\\' ? $@"\{c}"
                : c.ToString()
            );
        }

        return text.Append('\'').ToString();
    }

    private static bool IsUnsafe(char c) => !char.IsLetterOrDigit(c) && !char.IsSurrogate(c) && (c is < ' ' or > '~');
}
