using System.Text.Json.Serialization;

namespace Latchkey.Core.Configuration;

/// <summary>How a connection to a mail server is encrypted.</summary>
[JsonConverter(typeof(EnumNameConverter<SmtpSecurity>))]
public enum SmtpSecurity
{
    /// <summary>STARTTLS (RFC 3207), required; usual on port 587.</summary>
    StartTls,

    /// <summary>Implicit TLS (RFC 8314 §3.3); usual on port 465.</summary>
    Tls,

    /// <summary>None: mails and the password are sent unencrypted.</summary>
    None,
}
