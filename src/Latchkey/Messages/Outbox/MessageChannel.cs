namespace Latchkey.Messages.Outbox;

public static class MessageChannel
{
    public const string Email = "email";
    public const string Sms = "sms";
}
