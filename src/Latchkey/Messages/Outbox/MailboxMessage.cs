namespace Latchkey.Messages.Outbox;

/// <summary>A message that lies in the mailbox, opened.</summary>
public sealed record MailboxMessage(MessageRow Envelope, MessageBody Body);
