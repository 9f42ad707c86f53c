namespace Latchkey.Messages.Mail;

/// <summary>The server said no; its words are the message.</summary>
public sealed class SmtpRefusedException(SmtpReply reply) : Exception(reply.ToString())
{
    public SmtpReply Reply { get; } = reply;
}
