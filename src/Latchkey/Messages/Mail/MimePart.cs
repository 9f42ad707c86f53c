using System.Globalization;
using System.Text;

namespace Latchkey.Messages.Mail;

/// <summary>The parts of a mail, in encodings of short ASCII lines (RFC 2045).</summary>
public static class MimePart
{
    private const int MaxLineLength = 75;

    public static void Text(StringBuilder mail, string kind, string text)
    {
        mail.Append(
            CultureInfo.InvariantCulture,
            $"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        );
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split(['\n', '\r']))
        {
            QuotedPrintable(mail, Encoding.UTF8.GetBytes(line));
            mail.Append("\r\n");
        }
    }

    /// <param name="id">Under which the HTML part shows it: <c>cid:id</c>.</param>
    /// <param name="base64">The picture.</param>
    public static void Png(StringBuilder mail, string id, string base64)
    {
        mail.Append(
            CultureInfo.InvariantCulture,
            $"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{id}>\r\nContent-Disposition: inline; "
                + $"filename=\"{id}.png\"\r\n\r\n"
        );
        foreach (var line in base64.Chunk(MaxLineLength - 3))
        {
            mail.Append(line).Append("\r\n");
        }
    }

    private static void QuotedPrintable(StringBuilder mail, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var c = (char)line[i];
            var isPlain = c is > ' ' and <= '~' and not '=' || (c == ' ' && i < line.Length - 1);
            if (column + (isPlain ? 1 : 3) > MaxLineLength)
            {
                mail.Append("=\r\n");
                column = 0;
            }

            mail.Append(isPlain ? c.ToString() : $"={line[i]:X2}");
            column += isPlain ? 1 : 3;
        }
    }
}
