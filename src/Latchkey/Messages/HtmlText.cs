using System.Runtime.CompilerServices;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Messages;

/// <summary>Writes the plain-text part of a mail from its HTML.</summary>
public static class HtmlText
{
    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase) { "P", "DIV", "TR", "TABLE", "H1", "H2", "H3", "H4", "UL", "OL", "LI", "BLOCKQUOTE", "SECTION", "HEADER", "FOOTER" };
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase) { "STYLE", "SCRIPT", "HEAD", "TITLE", "TEMPLATE" };

    public static string Of(string html)
    {
        var text = new StringBuilder();
        Write(new HtmlParser().ParseDocument(html).Body!, text);
        var lines = text.ToString().Split('\n').Select(line => line.Trim());
        return string.Join('\n', Squeezed(lines)).Trim() + "\n";
    }

    private static void Write(INode node, StringBuilder text)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return; // thousands of elements inside each other: no mail that people write
        }

        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText words:
                    Append(text, words.Data);
                    break;
                case IElement element when Silent.Contains(element.NodeName):
                    break;
                case IElement { NodeName: "BR" }:
                    text.Append('\n');
                    break;
                case IElement { NodeName: "A" } link:
                    Write(link, text);
                    WriteAddress(link, text);
                    break;
                case IElement element when Blocks.Contains(element.NodeName):
                    text.Append("\n\n");
                    Write(element, text);
                    text.Append("\n\n");
                    break;
                default:
                    Write(child, text);
                    break;
            }
        }
    }

    private static void WriteAddress(IElement link, StringBuilder text)
    {
        if (link.GetAttribute("href") is { Length: > 0 } address && address != link.TextContent.Trim())
        {
            text.Append(":\n").Append(address);
        }
    }

    /// <summary>White space of the source is one blank, as in a browser.</summary>
    private static void Append(StringBuilder text, string words)
    {
        foreach (var c in words)
        {
            if (c is not (' ' or '\t' or '\n' or '\r' or '\f'))
            {
                text.Append(c);
            }
            else if (text.Length > 0 && text[^1] is not ' ' and not '\n')
            {
                text.Append(' ');
            }
        }
    }

    private static IEnumerable<string> Squeezed(IEnumerable<string> lines)
    {
        var blank = false;
        foreach (var line in lines)
        {
            if (line.Length > 0 || !blank)
            {
                yield return line;
            }

            blank = line.Length == 0;
        }
    }
}
