using Latchkey.Applications;
using Latchkey.Contract;
using Latchkey.Limits;

namespace Latchkey.Messages;

/// <summary>How many messages one address or number gets, and one application sends.</summary>
public sealed class MessageLimits(RateLimits limits)
{
    /// <summary>Counts a mail to an address; 700 when it gets too many or the application sends too many.</summary>
    public Task<Error?> Take(Application application, string address) =>
        limits.Take(
            application.Id,
            new Try(DefaultLimits.MessagesPerMinute, address),
            new Try(DefaultLimits.MessagesPerHour, address),
            new Try(DefaultLimits.MessagesOfApplication, ""));

    /// <summary>As <see cref="Take"/>, for a mail that was counted under the name it was asked for by: the application has been asked.</summary>
    public Task<Error?> TakeOfAddress(Application application, string address) =>
        limits.Take(application.Id, new Try(DefaultLimits.MessagesPerMinute, address), new Try(DefaultLimits.MessagesPerHour, address));

    /// <summary>Counts an SMS to a number.</summary>
    public Task<Error?> TakeSms(Application application, string number) =>
        limits.Take(
            application.Id,
            new Try(DefaultLimits.MessagesPerMinute, number),
            new Try(DefaultLimits.SmsPerDay, number),
            new Try(DefaultLimits.MessagesOfApplication, ""));
}
