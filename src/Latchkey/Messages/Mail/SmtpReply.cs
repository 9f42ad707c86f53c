using System.Globalization;

namespace Latchkey.Messages.Mail;

/// <summary>A mail server's reply (RFC 5321, 4.2), its lines joined.</summary>
public sealed record SmtpReply(int Code, string Text)
{
    public override string ToString() => $"{Code.ToString(CultureInfo.InvariantCulture)} {Text}";
}
