using System.Globalization;
using System.Net.Mail;
using System.Text;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Messages.Mail;

/// <summary>
/// A message as mail (RFC 5322): a plain-text and an HTML part (RFC 2046), lines of 76 characters, and every value written so that
/// it cannot become a header or an address of its own.
/// </summary>
/// <param name="From">The sender's address.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Text">Headers and body, lines ending in CR LF.</param>
/// <param name="IsInternational">An address is not of ASCII characters only, so headers are in UTF-8 (RFC 6532).</param>
public sealed record MimeMail(string From, string To, string Text, bool IsInternational)
{
    private const int BytesOfWord = 36;
    private const int MaxRawLength = 60;
    private static readonly IdnMapping Idn = new();

    /// <exception cref="FormatException">An address is none.</exception>
    public static MimeMail Of(string sender, OutgoingMessage message, DateTimeOffset now)
    {
        var body = message.Body;
        var (from, to, replyTo) = (
            Address(sender),
            Address(message.Recipient),
            body.ReplyTo is { Length: > 0 } given ? Address(given) : ""
        );
        var mail = new StringBuilder();
        Header(mail, "From", $"{Name(message.SenderName)}\r\n <{from}>");
        Header(mail, "To", $"<{to}>");
        if (replyTo.Length > 0)
        {
            Header(mail, "Reply-To", $"<{replyTo}>");
        }

        Header(mail, "Subject", Words(body.Subject));
        Header(mail, "Date", now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "Message-ID", $"<{message.Id}@{from[(from.LastIndexOf('@') + 1)..]}>");
        Header(mail, "Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies, please
        Header(mail, "MIME-Version", "1.0");
        Parts(mail, "alternative", message.Id, [part => MimePart.Text(part, "plain", body.Text), part => Html(part, message.Id, body)]);
        return new MimeMail(from, to, mail.ToString(), !(Ascii.IsValid(from) && Ascii.IsValid(to) && Ascii.IsValid(replyTo)));
    }

    private static void Html(StringBuilder mail, string id, MessageBody body)
    {
        if (body.QrCode is { } png)
        {
            Parts(
                mail,
                "related",
                $"{id}.related",
                [part => MimePart.Text(part, "html", body.Html), part => MimePart.Png(part, MessageBody.QrCodeId, png)]
            );
        }
        else
        {
            MimePart.Text(mail, "html", body.Html);
        }
    }

    /// <summary>The boundary has an equals sign and an underscore side by side, which no encoded part has.</summary>
    private static void Parts(StringBuilder mail, string kind, string id, IReadOnlyList<Action<StringBuilder>> parts)
    {
        Header(mail, "Content-Type", $"multipart/{kind};\r\n boundary=\"=_{id}\"");
        mail.Append("\r\n");
        foreach (var part in parts)
        {
            mail.Append(CultureInfo.InvariantCulture, $"--=_{id}\r\n");
            part(mail);
        }

        mail.Append(CultureInfo.InvariantCulture, $"--=_{id}--\r\n");
    }

    private static void Header(StringBuilder mail, string name, string value) =>
        mail.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

    /// <summary>An address for the wire, its domain in ASCII (RFC 5891).</summary>
    private static string Address(string text)
    {
        var address = new MailAddress(text);
        try
        {
            var wire = $"{address.User}@{(Ascii.IsValid(address.Host) ? address.Host : Idn.GetAscii(address.Host))}";
            return wire.Any(c => c <= ' ' || c is '<' or '>' or '"' or '\\' || char.IsControl(c) || char.IsWhiteSpace(c))
                ? throw new FormatException("the address cannot be written in a mail")
                : wire;
        }
        catch (ArgumentException e)
        {
            throw new FormatException("the address has an impossible domain", e);
        }
    }

    private static string Name(string text) =>
        IsRaw(text)
            ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : Words(text);

    /// <summary>The text itself, or encoded words (RFC 2047) in lines of their own.</summary>
    private static string Words(string text)
    {
        if (IsRaw(text))
        {
            return text;
        }

        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > BytesOfWord)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            word.Append(rune.ToString());
        }

        return string.Join(
            "\r\n ",
            words.Append(word.ToString()).Select(one => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(one))}?=")
        );
    }

    private static bool IsRaw(string text) =>
        text.Length <= MaxRawLength && text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal);
}
