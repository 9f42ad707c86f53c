using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Messages.Outbox;

/// <summary>Rate limits of messages per recipient and per application.</summary>
public sealed class MessageLimits(RateLimits limits)
{
    /// <summary>Counts a mail to an address. 700 when the address or the application has reached its limit.</summary>
    /// <param name="application">The sending application.</param>
    /// <param name="address">The recipient.</param>
    /// <param name="network">The network of the client that requested it; null for servers and developers. A single client can use up
    /// neither the application's limit nor the address's: the owner of the address, in another network, can always get one more.</param>
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
    /// As <see cref="TryAcquire"/>, for a mail whose request was already counted under another name; the application's limit is not counted
    /// again.
    /// </summary>
    public Task<Error?> TryAcquireForAddress(Application application, string address, string network) =>
        limits.TryAcquire(application.Id, ForAddress(address, network));

    /// <summary>
    /// As <see cref="TryAcquireForAddress"/>, for applications that hide accounts. The caller must only see how often a name was requested,
    /// so mails to the owner's address are counted separately. Unknown names are counted too, without effect.
    /// </summary>
    /// <returns>700 for the log only: the caller is told <c>true</c>, and nothing is sent.</returns>
    public Task<Error?> TryAcquireSilently(Application application, string address, string network) =>
        limits.TryAcquire(application.Id, ForAddress($"Sent to|{address}", network)); // requested names are lower-case: no collision

    /// <summary>
    /// Whether a user who signed up with an unverified address gets a welcome mail. It does not count towards the limit of requested mails.
    /// </summary>
    public async Task<bool> TryAcquireWelcome(Application application, string address, string network) =>
        await limits.TryAcquire(
            application.Id,
            new RateLimitRequest(DefaultLimits.WelcomeMails, Handle.KeyOf(address)),
            new RateLimitRequest(DefaultLimits.WelcomeMailsPerNetwork, network)
        )
            is null;

    /// <summary>Counts an SMS to a verified number: the second factor of a login.</summary>
    public Task<Error?> TryAcquireSms(Application application, string number) =>
        limits.TryAcquire(
            application.Id,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, number),
            new RateLimitRequest(DefaultLimits.SmsPerDay, number),
            new RateLimitRequest(ForApplication(application), "sms")
        );

    /// <summary>
    /// Counts an SMS to an unverified number. Such SMS use at most half of the application's limit; the other half is reserved for logins.
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
    /// Counts a test message. A developer's own address has a generous limit; other recipients have the limit of any message.
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
                        new RateLimitRequest(DefaultLimits.MessagesPerMinute, Handle.KeyOf(recipient)),
                        new RateLimitRequest(isSms ? DefaultLimits.SmsPerDay : DefaultLimits.MessagesPerHour, Handle.KeyOf(recipient)),
                    ],
                new RateLimitRequest(ForApplication(application), isSms ? "sms" : "mail"),
            ]
        );
    }

    /// <summary>Counts an operator's test of the installation's providers; 700 when the limit is reached.</summary>
    public Task<Error?> TryAcquireTest(string developer) =>
        limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.TestMessages, developer));

    private static RateLimitRequest[] ForAddress(string address, string? network)
    {
        var key = Handle.KeyOf(address);
        return
        [
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, key),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, key),
            .. network is null
                ? Array.Empty<RateLimitRequest>()
                : [new RateLimitRequest(DefaultLimits.MessagesPerHourAndNetwork, $"{key}|{network}")],
        ];
    }

    private static WindowLimit ForApplication(Application application) =>
        DefaultLimits.MessagesPerApplication with
        {
            PermitLimit = application.Settings.MessagesPerHour,
        };
}
