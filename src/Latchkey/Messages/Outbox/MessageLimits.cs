using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Messages.Outbox;

/// <summary>How many messages one address or number gets, and one application sends.</summary>
public sealed class MessageLimits(RateLimits limits)
{
    /// <summary>Counts a mail to an address; 700 when it gets too many or the application sends too many.</summary>
    /// <param name="application">Whose mail it is.</param>
    /// <param name="address">Who gets it.</param>
    /// <param name="network">
    /// Who asked for it; null for servers and developers. One client alone can neither use the application's share up, nor the address's:
    /// its owner, in another network, always gets one.
    /// </param>
    public Task<Error?> Take(Application application, string address, string? network) =>
        limits.Take(
            application.Id,
            [
                .. OfAddress(address, network),
                .. network is null ? Array.Empty<Try>() : [new Try(DefaultLimits.MessagesOfNetwork, network)],
                new Try(OfApplication(application), "mail"),
            ]);

    /// <summary>As <see cref="Take"/>, for a mail that was counted under the name it was asked for by: the application has been asked.</summary>
    public Task<Error?> TakeOfAddress(Application application, string address, string network) => limits.Take(application.Id, OfAddress(address, network));

    /// <summary>
    /// As <see cref="TakeOfAddress"/>, where accounts are hidden: who asks sees only how often a name was asked for, so what its owner
    /// gets is counted by itself. For names of nobody it is counted too, and bounds nothing.
    /// </summary>
    /// <returns>700 for the log: the caller is told <c>true</c>, and nothing is sent.</returns>
    public Task<Error?> TakeSilently(Application application, string address, string network) => limits.Take(application.Id, OfAddress($"Sent to|{address}", network)); // no name that is asked for has a capital

    /// <summary>Whether somebody who signed up without showing that the address is its own gets a welcome mail. It takes no share of the mails that are asked for.</summary>
    public async Task<bool> MayWelcome(Application application, string address, string network) =>
        await limits.Take(application.Id, new Try(DefaultLimits.Welcomes, address), new Try(DefaultLimits.WelcomesOfNetwork, network)) is null;

    /// <summary>Counts an SMS to a number that its user has verified: the second step of a login.</summary>
    public Task<Error?> TakeSms(Application application, string number) =>
        limits.Take(
            application.Id,
            new Try(DefaultLimits.MessagesPerMinute, number),
            new Try(DefaultLimits.SmsPerDay, number),
            new Try(OfApplication(application), "sms"));

    /// <summary>Counts an SMS to a number that a user only says is its own. Those get half of the application's share at most: users who log in always have the other half.</summary>
    public Task<Error?> TakeSmsToNew(Application application, string userId, string number, string network) =>
        limits.Take(
            application.Id,
            new Try(DefaultLimits.MessagesPerMinute, number),
            new Try(DefaultLimits.SmsPerDay, number),
            new Try(DefaultLimits.NumbersOfUser, userId),
            new Try(DefaultLimits.NumbersOfNetwork, network),
            new Try(DefaultLimits.NumbersOfApplication with { Most = Math.Max(1, application.Settings.MessagesPerHour / 2) }, "sms"),
            new Try(OfApplication(application), "sms"));

    /// <summary>Counts a test. To their own address developers may send as many as trying things out takes; others are no worse off than with any message.</summary>
    public Task<Error?> TakeTest(Application application, string developer, string recipient, string kind)
    {
        var isSms = kind == MessageKind.Sms;
        return limits.Take(
            application.Id,
            [
                new Try(DefaultLimits.TestMessages, developer),
                .. recipient == developer ? Array.Empty<Try>() : [new Try(DefaultLimits.MessagesPerMinute, recipient), new Try(isSms ? DefaultLimits.SmsPerDay : DefaultLimits.MessagesPerHour, recipient)],
                new Try(OfApplication(application), isSms ? "sms" : "mail"),
            ]);
    }

    /// <summary>700 for an operator who tries the installation's providers too often.</summary>
    public Task<Error?> TakeTest(string developer) => limits.Take("portal", new Try(DefaultLimits.TestMessages, developer));

    private static Try[] OfAddress(string address, string? network) =>
    [
        new Try(DefaultLimits.MessagesPerMinute, address),
        new Try(DefaultLimits.MessagesPerHour, address),
        .. network is null ? Array.Empty<Try>() : [new Try(DefaultLimits.MessagesPerHourOfNetwork, $"{address}|{network}")],
    ];

    private static WindowLimit OfApplication(Application application) => DefaultLimits.MessagesOfApplication with { Most = application.Settings.MessagesPerHour };
}
