using System.Globalization;
using Latchkey.Messages.Providers;

namespace Latchkey.Messages.Mail;

/// <summary>A mail server's reply (RFC 5321, 4.2) with its lines joined, and the step it answers.</summary>
public sealed record SmtpReply(SmtpStep Step, int Code, string Text)
{
    /// <summary>
    /// The delivery result. A refusal of the recipient or of the mail (spam filters included) is final. A refusal of the sender or of the
    /// session, or because of a quota, may be temporary: the mail is retried.
    /// </summary>
    public DeliveryResult Result =>
        Code is >= 200 and < 300 ? DeliveryResult.Accepted
        : Code >= 500 && IsFinal(EnhancedStatus.Parse(Text)) ? DeliveryResult.PermanentFailure
        : DeliveryResult.RetryLater;

    public override string ToString() => $"{Code.ToString(CultureInfo.InvariantCulture)} {Text}";

    private bool IsFinal(EnhancedStatus? status) =>
        status is { Class: 4 }
            ? false
            : Step switch
            {
                SmtpStep.Sender => status is { } sender && RefusesMail(sender),
                SmtpStep.Recipient => status is { IsUnspecific: false } recipient
                    ? RefusesRecipient(recipient) || RefusesMail(recipient)
                    : Code is 550 or 551 or 552 or 553 or 556,
                SmtpStep.Data or SmtpStep.Content => status is { IsUnspecific: false } mail
                    ? RefusesRecipient(mail) || RefusesMail(mail) || RefusesByPolicy(mail)
                    : Code is >= 550 and <= 554,
                _ => false,
            };

    /// <summary>X.1.7 and X.1.8 concern the sender's address. X.4.1, X.4.4 and X.4.6 concern the route to the recipient's server.</summary>
    private bool RefusesRecipient(EnhancedStatus status) =>
        status switch
        {
            { Subject: 1, Detail: 7 or 8 } => false,
            { Subject: 1 or 2 } => true,
            { Subject: 4, Detail: 1 or 4 or 6 } => Step == SmtpStep.Recipient,
            _ => false,
        };

    /// <summary>The mail is too large, or the server does not support its content or addresses.</summary>
    private static bool RefusesMail(EnhancedStatus status) => status is { Subject: 3, Detail: 4 } or { Subject: 6 };

    /// <summary>
    /// A policy refusal after the mail was sent is final: a spam filter gives the same answer every time. Excluded are codes about
    /// authentication (8 to 14), the sender's domain (20 to 27, 29), too many mails (28), and Exchange's codes for a sender without
    /// permission (57, 60, 64).
    /// </summary>
    private static bool RefusesByPolicy(EnhancedStatus status) =>
        status is { Subject: 7, Detail: not ((>= 8 and <= 14) or (>= 20 and <= 29) or 57 or 60 or 64) };
}
