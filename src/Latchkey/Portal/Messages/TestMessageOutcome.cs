using Latchkey.Core;
using Latchkey.Messages.Providers;
using Latchkey.Portal.Users;

namespace Latchkey.Portal.Messages;

/// <summary>What became of a test message, as a page shows it.</summary>
/// <param name="Kind">The notice: good when a provider accepted the message, warn when it was only stored, bad when it was refused.</param>
/// <param name="Text">A sentence or two.</param>
/// <param name="MailboxId">The message in the application's mailbox; empty when it is not there.</param>
public sealed record TestMessageOutcome(string Kind, string Text, string MailboxId = "")
{
    /// <summary>
    /// Describes the result of a test. It goes through a <see cref="FlashCookie"/>, so a provider's long answer is cut.
    /// </summary>
    public static TestMessageOutcome From(Result<TestMessageResult> result, string recipient, bool isSms) =>
        result switch
        {
            { Value: TestMessageResult.Accepted accepted } => new(
                "good",
                $"Sent to {recipient}. The provider responded: {accepted.Answer}"
            ),
            { Value: TestMessageResult.StoredInMailbox stored } => new(
                "warn",
                $"Nothing was sent, because no provider is set up for {(isSms ? "SMS" : "mail")}. The message to {recipient} is in the "
                    + "mailbox.",
                stored.MessageId
            ),
            { Error: { } refused } when refused.Code == ErrorCodes.MessageNotSent.Code => new(
                "bad",
                $"Not sent (code 703): {refused.Cause}"
            ),
            { Error: { RetryAfter: { } wait } } => new(
                "bad",
                $"Not sent: too many messages were sent. Try again in {MailErrorMessages.FormatWait(wait)}."
            ),
            { Error: var refused } => new("bad", $"Not sent: {refused?.Message}"),
        };

    /// <summary>As text, for a <see cref="FlashCookie"/>.</summary>
    public string Write() => Strings.Truncate($"{Kind}\n{MailboxId}\n{Text}", FlashCookie.MaxLength);

    /// <summary>What <see cref="Write"/> wrote; null for null.</summary>
    public static TestMessageOutcome? Read(string? text) =>
        text?.Split('\n', 3) is [var kind, var mailboxId, var words] ? new(kind, words, mailboxId) : null;
}
