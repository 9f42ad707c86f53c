using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;

namespace Latchkey.Messages.Templates;

/// <summary>
/// Converts a mail's HTML to its plain-text part. It reads tag by tag without building a tree, so the cost is linear however a
/// developer's template nests or leaves tags open.
/// </summary>
public static class HtmlToText
{
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "p",
        "div",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "section",
        "header",
        "footer",
    };
    private static readonly HashSet<string> HiddenElements = new(StringComparer.Ordinal) { "style", "script", "title", "template" };

    /// <summary>Elements whose content has no tags.</summary>
    private static readonly Dictionary<string, HtmlParseMode> RawTextElements = new(StringComparer.Ordinal)
    {
        ["style"] = HtmlParseMode.Rawtext,
        ["script"] = HtmlParseMode.Script,
        ["title"] = HtmlParseMode.RCData,
        ["textarea"] = HtmlParseMode.RCData,
        ["xmp"] = HtmlParseMode.Rawtext,
        ["iframe"] = HtmlParseMode.Rawtext,
        ["noembed"] = HtmlParseMode.Rawtext,
        ["noframes"] = HtmlParseMode.Rawtext,
        ["plaintext"] = HtmlParseMode.Plaintext,
    };

    public static string Convert(string html)
    {
        using var source = new TextSource(html);
        var tokens = new HtmlTokenizer(source, HtmlEntityProvider.Resolver) { ShouldEmitAttribute = IsHref };
        var writing = new PlainTextBuilder();
        while (tokens.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            if (token.Type == HtmlTokenType.Character)
            {
                writing.AppendText(token.Data);
            }
            else if (token is HtmlTagToken { Type: HtmlTokenType.StartTag } opened)
            {
                tokens.State = RawTextElements.GetValueOrDefault(opened.Name, HtmlParseMode.PCData);
                writing.Open(opened);
            }
            else if (token.Type == HtmlTokenType.EndTag)
            {
                writing.Close(token.Name);
            }
        }

        return string.Join('\n', CollapseBlankLines(writing.End().Split('\n').Select(line => line.Trim()))).Trim() + "\n";
    }

    /// <summary>Compares the name directly: the library's lookup is quadratic in the number of attributes.</summary>
    private static bool IsHref(ref StructHtmlToken tag, ReadOnlyMemory<char> attribute) => attribute.Span.SequenceEqual("href");

    private static IEnumerable<string> CollapseBlankLines(IEnumerable<string> lines)
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

    /// <summary>The text so far and the current position's state.</summary>
    private sealed class PlainTextBuilder
    {
        private readonly StringBuilder text = new();

        /// <summary>The invisible element, and how many of its name are open.</summary>
        private (string Name, int Depth) silent = ("", 0);

        /// <summary>The open link's address, and where its text starts.</summary>
        private (string Address, int Start)? link;

        public void Open(HtmlTagToken tag)
        {
            if (silent.Depth > 0 || HiddenElements.Contains(tag.Name))
            {
                silent =
                    silent.Depth == 0 ? (tag.Name, 1)
                    : silent.Name == tag.Name ? (tag.Name, silent.Depth + 1)
                    : silent;
            }
            else if (tag.Name == "br")
            {
                text.Append('\n');
            }
            else if (tag.Name == "a")
            {
                EndLink();
                link = (tag.GetAttribute("href"), text.Length);
            }
            else if (Blocks.Contains(tag.Name))
            {
                text.Append("\n\n");
            }
        }

        public void Close(string name)
        {
            if (silent.Depth > 0)
            {
                silent = silent.Name == name ? (name, silent.Depth - 1) : silent;
            }
            else if (name == "a")
            {
                EndLink();
            }
            else if (Blocks.Contains(name))
            {
                text.Append("\n\n");
            }
        }

        /// <summary>Collapses white space to one space, as a browser does.</summary>
        public void AppendText(string words)
        {
            foreach (var c in silent.Depth > 0 ? "" : words)
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

        public string End()
        {
            EndLink();
            return text.ToString();
        }

        /// <summary>Appends the link's address after its text, unless they are equal.</summary>
        private void EndLink()
        {
            if (link is var (address, start) && address.Length > 0 && address != text.ToString(start, text.Length - start).Trim())
            {
                text.Append(":\n").Append(address);
            }

            link = null;
        }
    }
}
