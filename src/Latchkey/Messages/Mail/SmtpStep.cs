namespace Latchkey.Messages.Mail;

/// <summary>How far a conversation with a mail server has come: the command that its next reply is about.</summary>
public enum SmtpStep
{
    /// <summary>The connection itself.</summary>
    Connect,

    /// <summary>The greeting, EHLO, STARTTLS, AUTH.</summary>
    Session,

    /// <summary>MAIL FROM.</summary>
    Sender,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA, before the server asks for the mail.</summary>
    Data,

    /// <summary>The mail itself, up to the reply to its final dot.</summary>
    Content,
}
