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
    public Task<Error?> TryAcquire(Application application, string address, string? network) =>
        limits.TryAcquire(
            application.Id,
            [
                .. ForAddress(address, network),
                .. network is null ? Array.Empty<RateLimitRequest>() : [new RateLimitRequest(DefaultLimits.MessagesPerNetwork, network)],
                new RateLimitRequest(ForApplication(application), "mail"),
            ]
        );

    /// <summary>
    /// As <see cref="TryAcquire"/>, for a mail that was counted under the name it was asked for by: the application has been asked.
    /// </summary>
    public Task<Error?> TryAcquireForAddress(Application application, string address, string network) =>
        limits.TryAcquire(application.Id, ForAddress(address, network));

    /// <summary>
    /// As <see cref="TryAcquireForAddress"/>, where accounts are hidden: who asks sees only how often a name was asked for, so what its
    /// owner
    /// gets is counted by itself. For names of nobody it is counted too, and bounds nothing.
    /// </summary>
    /// <returns>700 for the log: the caller is told <c>true</c>, and nothing is sent.</returns>
    public Task<Error?> TryAcquireSilently(Application application, string address, string network) =>
        limits.TryAcquire(application.Id, ForAddress($"Sent to|{address}", network)); // no name that is asked for has a capital

    /// <summary>
    /// Whether somebody who signed up without showing that the address is its own gets a welcome mail. It takes no share of the mails that
    /// are asked for.
    /// </summary>
    public async Task<bool> TryAcquireWelcome(Application application, string address, string network) =>
        await limits.TryAcquire(
            application.Id,
            new RateLimitRequest(DefaultLimits.WelcomeMails, address),
            new RateLimitRequest(DefaultLimits.WelcomeMailsPerNetwork, network)
        )
            is null;

    /// <summary>Counts an SMS to a number that its user has verified: the second step of a login.</summary>
    public Task<Error?> TryAcquireSms(Application application, string number) =>
        limits.TryAcquire(
            application.Id,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, number),
            new RateLimitRequest(DefaultLimits.SmsPerDay, number),
            new RateLimitRequest(ForApplication(application), "sms")
        );

    /// <summary>
    /// Counts an SMS to a number that a user only says is its own. Those get half of the application's share at most: users who log in
    /// always have the other half.
    /// </summary>
    public Task<Error?> TryAcquireSmsToUnverified(Application application, string userId, string number, string network) =>
        limits.TryAcquire(
            application.Id,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, number),
            new RateLimitRequest(DefaultLimits.SmsPerDay, number),
            new RateLimitRequest(DefaultLimits.PhoneNumbersPerUser, userId),
            new RateLimitRequest(DefaultLimits.PhoneNumbersPerNetwork, network),
            new RateLimitRequest(
                DefaultLimits.PhoneNumbersPerApplication with
                {
                    PermitLimit = Math.Max(1, application.Settings.MessagesPerHour / 2),
                },
                "sms"
            ),
            new RateLimitRequest(ForApplication(application), "sms")
        );

    /// <summary>
    /// Counts a test. To their own address developers may send as many as trying things out takes; others are no worse off than with any
    /// message.
    /// </summary>
    public Task<Error?> TryAcquireTest(Application application, string developer, string recipient, string kind)
    {
        var isSms = kind == MessageKind.Sms;
        return limits.TryAcquire(
            application.Id,
            [
                new RateLimitRequest(DefaultLimits.TestMessages, developer),
                .. recipient == developer
                    ? Array.Empty<RateLimitRequest>()
                    :
                    [
                        new RateLimitRequest(DefaultLimits.MessagesPerMinute, recipient),
                        new RateLimitRequest(isSms ? DefaultLimits.SmsPerDay : DefaultLimits.MessagesPerHour, recipient),
                    ],
                new RateLimitRequest(ForApplication(application), isSms ? "sms" : "mail"),
            ]
        );
    }

    /// <summary>700 for an operator who tries the installation's providers too often.</summary>
    public Task<Error?> TryAcquireTest(string developer) =>
        limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.TestMessages, developer));

    private static RateLimitRequest[] ForAddress(string address, string? network) =>
        [
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, address),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, address),
            .. network is null
                ? Array.Empty<RateLimitRequest>()
                : [new RateLimitRequest(DefaultLimits.MessagesPerHourAndNetwork, $"{address}|{network}")],
        ];

    private static WindowLimit ForApplication(Application application) =>
        DefaultLimits.MessagesPerApplication with
        {
            PermitLimit = application.Settings.MessagesPerHour,
        };
}
