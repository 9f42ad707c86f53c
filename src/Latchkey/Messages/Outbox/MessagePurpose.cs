namespace Latchkey.Messages.Outbox;

/// <summary>Who requests a message and who receives it, for the application's budget.</summary>
/// <param name="Network">The requesting network; null for servers, developers, and users who entered their password.</param>
/// <param name="IsForUser">Whether the recipient is a user, or a server or developer requests it: these may use the reserve.</param>
/// <param name="Channel">A <see cref="MessageChannel"/>; mails and SMS have separate budgets.</param>
public sealed record MessagePurpose(string? Network, bool IsForUser, string Channel = MessageChannel.Email)
{
    /// <summary>A mail that a server or a developer requests.</summary>
    public static readonly MessagePurpose ByApplication = new(null, IsForUser: true);

    /// <summary>A mail to an address without an account.</summary>
    public static MessagePurpose ForStranger(string? network) => network is null ? ByApplication : new(network, IsForUser: false);

    /// <summary>A mail to a user, requested by anyone.</summary>
    public static MessagePurpose ForUser(string network) => new(network, IsForUser: true);

    /// <summary>The SMS code of a login, sent to a verified number after the password.</summary>
    public static readonly MessagePurpose LoginSms = new(null, IsForUser: true, MessageChannel.Sms);

    /// <summary>An SMS to a user, requested by anyone: the code of a login without a password.</summary>
    public static MessagePurpose SmsForUser(string network) => new(network, IsForUser: true, MessageChannel.Sms);

    /// <summary>The SMS code that verifies a number.</summary>
    public static MessagePurpose UnverifiedSms(string network) => new(network, IsForUser: true, MessageChannel.Sms);

    /// <summary>A developer's test message.</summary>
    /// <param name="kind">A <see cref="MessageKind"/>.</param>
    public static MessagePurpose Test(string kind) => MessageKind.IsSms(kind) ? LoginSms : ByApplication;
}
