using System.Text.Json.Serialization;

namespace Latchkey.Core.Configuration;

/// <summary>How a connection to a mail server is encrypted.</summary>
[JsonConverter(typeof(EnumNameConverter<SmtpSecurity>))]
public enum SmtpSecurity
{
    /// <summary>By STARTTLS (RFC 3207), which is demanded; usual on port 587.</summary>
    StartTls,

    /// <summary>From the first byte (RFC 8314, 3.3); usual on port 465.</summary>
    Tls,

    /// <summary>Not at all: mails and the password travel in the clear.</summary>
    None,
}
