namespace Latchkey.Messages.Outbox;

/// <summary>The content of a mail or SMS; encrypted in the database until a provider has accepted the message.</summary>
/// <param name="Subject">Plain text; empty for SMS.</param>
/// <param name="Text">The plain-text part of a mail, or the text of an SMS.</param>
/// <param name="Html">The HTML part; empty for SMS.</param>
/// <param name="Code">The six-digit code, if any.</param>
/// <param name="Link">The link, if any.</param>
/// <param name="ReplyTo">The Reply-To address, if any.</param>
/// <param name="QrCode">A PNG in base64, shown where the HTML refers to <c>cid:qrcode</c>.</param>
/// <param name="ExpiresAt">When the code or link expires, in unix milliseconds; null when it does not.</param>
/// <param name="Attachment">A file that comes with the mail, if any.</param>
public sealed record MessageBody(
    string Subject,
    string Text,
    string Html,
    string? Code,
    string? Link,
    string? ReplyTo = null,
    string? QrCode = null,
    long? ExpiresAt = null,
    MailAttachment? Attachment = null
)
{
    public const string QrCodeId = "qrcode";
}
