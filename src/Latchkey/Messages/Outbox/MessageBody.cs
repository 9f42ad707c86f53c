namespace Latchkey.Messages.Outbox;

/// <summary>A mail or SMS as it goes out; sealed in the database until a provider has taken it.</summary>
/// <param name="Subject">Plain text; empty for SMS.</param>
/// <param name="Text">The plain-text part, or the SMS.</param>
/// <param name="Html">The HTML part; empty for SMS.</param>
/// <param name="Code">The six digits it carries, if any.</param>
/// <param name="Link">The link it carries, if any.</param>
/// <param name="ReplyTo">Where answers go, if not to the sender.</param>
/// <param name="QrCode">A PNG in base64, shown where the HTML says <c>cid:qrcode</c>.</param>
/// <param name="ExpiresAt">When the code or link ends, in unix milliseconds; null for none that ends.</param>
public sealed record MessageBody(
    string Subject,
    string Text,
    string Html,
    string? Code,
    string? Link,
    string? ReplyTo = null,
    string? QrCode = null,
    long? ExpiresAt = null
)
{
    public const string QrCodeId = "qrcode";
}
