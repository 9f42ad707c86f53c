namespace Latchkey.Messages.Outbox;

public static class MessageStatus
{
    public const string Pending = "pending";
    public const string Sent = "sent";
    public const string Failed = "failed";
    public const string Mailbox = "mailbox";

    /// <summary>Its code or link expired before a provider accepted it.</summary>
    public const string Expired = "expired";
}
