namespace Latchkey.Messages.Mail;

/// <summary>A step of an SMTP session: the command that the next reply answers.</summary>
public enum SmtpStep
{
    /// <summary>The TCP connection.</summary>
    Connect,

    /// <summary>The greeting, EHLO, STARTTLS, AUTH.</summary>
    Session,

    /// <summary>MAIL FROM.</summary>
    Sender,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA, before the server's 354 reply.</summary>
    Data,

    /// <summary>The mail itself, up to the reply to the final dot.</summary>
    Content,
}
