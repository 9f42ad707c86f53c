using System.Globalization;
using System.Net.Mail;
using System.Text;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using MimeKit;

namespace Latchkey.Messages.Mail;

/// <summary>
/// A message as mail (RFC 5322) with a plain-text and an HTML part, encoded as short ASCII lines. Values cannot inject headers or
/// addresses.
/// </summary>
/// <param name="Mime">Headers and body.</param>
/// <param name="From">The envelope sender.</param>
/// <param name="To">The envelope recipient.</param>
/// <param name="IsInternational">An address contains non-ASCII characters, so the mail server must offer SMTPUTF8 (RFC 6531).</param>
internal sealed record MailMessage(MimeMessage Mime, MailboxAddress From, MailboxAddress To, bool IsInternational)
{
    private const int MaxWordBytes = 36;
    private static readonly IdnMapping Idn = new();

    /// <exception cref="FormatException">An address is invalid.</exception>
    public static MailMessage Create(string sender, OutgoingMessage message, DateTimeOffset now)
    {
        var body = message.Body;
        var (from, to) = (Mailbox(sender), Mailbox(message.Recipient));
        var replyTo = body.ReplyTo is { Length: > 0 } given ? Mailbox(given) : null;
        var mime = new MimeMessage();
        mime.Headers.Clear(); // removes the default headers, whose order differs
        mime.From.Add(new MailboxAddress(Encoding.UTF8, KeepLiteral(message.SenderName), from.Address));
        mime.To.Add(to);
        if (replyTo is not null)
        {
            mime.ReplyTo.Add(replyTo);
        }

        mime.Subject = KeepLiteral(body.Subject);
        mime.Date = now.ToUniversalTime();
        mime.Headers.Add("Message-ID", $"<{message.Id}@{from.Domain}>");
        mime.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834: asks for no automatic replies
        var text = new MultipartAlternative { Text("plain", body.Text), Html(body) };
        mime.Body = body.Attachment is { } file ? new Multipart("mixed") { text, Attachment(file) } : text;
        return new(mime, from, to, !new[] { from, to, replyTo ?? from }.All(mailbox => Ascii.IsValid(mailbox.Address)));
    }

    private static MimeEntity Html(MessageBody body)
    {
        var html = Text("html", body.Html);
        return body.QrCode is { } png ? new MultipartRelated { html, Png(MessageBody.QrCodeId, png) } : html;
    }

    private static TextPart Text(string subtype, string text) =>
        new(subtype) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    private static MimePart Attachment(MailAttachment file) =>
        new(ContentType.Parse(file.ContentType))
        {
            Content = new MimeContent(new MemoryStream(Convert.FromBase64String(file.Content))),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = file.Name },
            ContentTransferEncoding = ContentEncoding.Base64,
        };

    /// <param name="id">The content id: the HTML part refers to it as <c>cid:id</c>.</param>
    /// <param name="base64">The PNG in base64.</param>
    private static MimePart Png(string id, string base64) =>
        new("image", "png")
        {
            Content = new MimeContent(new MemoryStream(Convert.FromBase64String(base64))),
            ContentId = id,
            ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = $"{id}.png" },
            ContentTransferEncoding = ContentEncoding.Base64,
        };

    /// <summary>Parses an address and converts its domain to ASCII (RFC 5891). MimeKit would write any text unchecked.</summary>
    private static MailboxAddress Mailbox(string text)
    {
        var address = new MailAddress(text);
        try
        {
            var wire = $"{address.User}@{(Ascii.IsValid(address.Host) ? address.Host : Idn.GetAscii(address.Host))}";
            return wire.Any(c => c <= ' ' || c is '<' or '>' or '"' or '\\' || char.IsControl(c) || char.IsWhiteSpace(c))
                ? throw new FormatException("the address cannot be written in a mail")
                : new MailboxAddress("", wire);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("the address has an impossible domain", e);
        }
    }

    /// <summary>
    /// Encodes text that looks like an encoded word (RFC 2047), because mail readers would decode it. MimeKit handles all other text.
    /// </summary>
    private static string KeepLiteral(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > MaxWordBytes)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            word.Append(rune.ToString());
        }

        return string.Join(
            ' ',
            words.Append(word.ToString()).Select(one => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(one))}?=")
        );
    }
}
