namespace Latchkey.Messages.Outbox;

/// <summary>A message in the mailbox with its body decrypted.</summary>
public sealed record MailboxMessage(MessageRow Envelope, MessageBody Body);
