using Latchkey.Messages.Mail;
using Latchkey.Messages.Providers;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>What is tried again and what is not, by the command that a reply is about and its enhanced status.</summary>
public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData(SmtpStep.Recipient, 550, "5.1.1 no such user")]
    [InlineData(SmtpStep.Recipient, 550, "mailbox unavailable")]
    [InlineData(SmtpStep.Recipient, 550, "5.5.0 Requested action not taken: mailbox unavailable")]
    [InlineData(SmtpStep.Recipient, 553, "5.1.3 bad address")]
    [InlineData(SmtpStep.Recipient, 551, "5.1.6 has moved")]
    [InlineData(SmtpStep.Recipient, 552, "5.2.2 mailbox full")]
    [InlineData(SmtpStep.Recipient, 556, "5.1.10 null MX")]
    [InlineData(SmtpStep.Recipient, 550, "5.4.1 Recipient address rejected: Access denied")]
    [InlineData(SmtpStep.Content, 554, "5.7.1 Spam message rejected")]
    [InlineData(SmtpStep.Content, 550, "5.7.1 our system has detected that this message is unsolicited")]
    [InlineData(SmtpStep.Content, 554, "message looks like spam")]
    [InlineData(SmtpStep.Content, 550, "5.7.350 Remote server returned message detected as spam")]
    [InlineData(SmtpStep.Content, 552, "5.3.4 message too big")]
    [InlineData(SmtpStep.Content, 554, "5.6.0 bad content")]
    [InlineData(SmtpStep.Content, 550, "5.1.1 no such user")]
    [InlineData(SmtpStep.Data, 554, "5.7.1 Data command rejected")]
    [InlineData(SmtpStep.Sender, 552, "5.3.4 message size exceeds fixed limit")]
    [InlineData(SmtpStep.Sender, 553, "5.6.7 non-ASCII addresses not permitted")]
    public void What_concerns_the_recipient_or_the_mail_is_final(SmtpStep step, int code, string text) =>
        new SmtpReply(step, code, text).Result.ShouldBe(DeliveryResult.PermanentFailure);

    [Theory]
    [InlineData(SmtpStep.Content, 550, "5.4.5 Daily user sending limit exceeded")]
    [InlineData(SmtpStep.Content, 550, "5.7.60 Client does not have permissions to send as this sender")]
    [InlineData(SmtpStep.Content, 550, "5.7.26 This mail is unauthenticated")]
    [InlineData(SmtpStep.Content, 550, "5.7.28 unusual rate of mail")]
    [InlineData(SmtpStep.Content, 554, "5.3.0 system trouble")]
    [InlineData(SmtpStep.Content, 554, "5.1.8 sender's domain not found")]
    [InlineData(SmtpStep.Content, 451, "4.7.1 greylisted")]
    [InlineData(SmtpStep.Content, 452, "out of space")]
    [InlineData(SmtpStep.Content, 550, "4.2.2 over quota")]
    [InlineData(SmtpStep.Data, 503, "5.5.1 bad sequence of commands")]
    [InlineData(SmtpStep.Recipient, 554, "5.7.1 Relay access denied")]
    [InlineData(SmtpStep.Recipient, 550, "5.7.1 Client host blocked")]
    [InlineData(SmtpStep.Recipient, 550, "5.4.5 too many messages today")]
    [InlineData(SmtpStep.Recipient, 550, "5.1.8 sender address rejected")]
    [InlineData(SmtpStep.Recipient, 450, "4.2.0 greylisted")]
    [InlineData(SmtpStep.Recipient, 554, "no relaying")]
    [InlineData(SmtpStep.Sender, 550, "5.1.0 sender rejected")]
    [InlineData(SmtpStep.Sender, 553, "5.7.1 sender not owned by user")]
    [InlineData(SmtpStep.Sender, 530, "5.7.0 authentication required")]
    [InlineData(SmtpStep.Session, 550, "5.7.1 go away")]
    [InlineData(SmtpStep.Session, 504, "5.5.2 need fully-qualified hostname")]
    [InlineData(SmtpStep.Session, 421, "4.3.2 too busy")]
    public void What_concerns_the_sender_the_session_or_a_quota_is_tried_again(SmtpStep step, int code, string text) =>
        new SmtpReply(step, code, text).Result.ShouldBe(DeliveryResult.RetryLater);
}
