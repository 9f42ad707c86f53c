using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// Rate limits of messages: requests per recipient and network, and the messages that an application sends (<see cref="MessageBudget"/>).
/// </summary>
public sealed class MessageLimits(RateLimits limits, MessageBudget budget)
{
    /// <summary>Keeps the mails to an owner apart from the requests for an address, which are lower-case.</summary>
    private const string OwnersMails = "Sent to|";

    /// <summary>
    /// Counts a request for a mail to an address, known or not. 402 while the application may send nothing; 700 when the address or the
    /// network has reached its limit, or the application its budget. The budget is charged by <see cref="Charge"/> only, because a request
    /// does not always lead to a mail.
    /// </summary>
    /// <param name="application">The sending application.</param>
    /// <param name="address">The recipient.</param>
    /// <param name="purpose">Who requests it. A single client can use up neither the application's budget nor the address's limit: the
    /// owner of the address, in another network, can always get one more.</param>
    public Task<Error?> TryAcquire(Application application, string address, MessagePurpose purpose) =>
        TryAcquire(
            application,
            purpose,
            address,
            [
                .. ForAddress(address, purpose.Network),
                .. purpose.Network is null
                    ? Array.Empty<RateLimitRequest>()
                    : [new RateLimitRequest(DefaultLimits.MessagesPerNetwork, purpose.Network)],
            ]
        );

    /// <summary>
    /// Charges a message to the application's budget. Runs in the transaction that queues it. 700, without a charge, when there is none
    /// left.
    /// </summary>
    public Task<Error?> Charge(DbConnection db, Application application, MessagePurpose purpose, string recipient) =>
        budget.Charge(db, application, purpose, recipient);

    /// <summary>
    /// As <see cref="TryAcquire(Application, string, MessagePurpose)"/>, for a mail whose request was already counted under another name.
    /// </summary>
    public Task<Error?> TryAcquireForAddress(Application application, string address, string network) =>
        limits.TryAcquire(application.Id, ForAddress(address, network));

    /// <summary>
    /// As <see cref="TryAcquireForAddress"/>, if the application hides who has an account: the response depends only on how often the name
    /// was requested, so the mails to its owner are counted separately. Runs in the transaction that queues the mail.
    /// </summary>
    /// <returns>700 for the log only: the caller was told <c>true</c>, and nothing is sent.</returns>
    public async Task<Error?> TryAcquireSilently(DbConnection db, Application application, string address, string network) =>
        limits.AreOn ? (await limits.AcquireAll(db, application.Id, ForAddress(address, network, OwnersMails))).Error : null;

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
        TryAcquire(
            application,
            MessagePurpose.LoginSms,
            number,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, number),
            new RateLimitRequest(DefaultLimits.SmsPerDay, number)
        );

    /// <summary>
    /// Counts a request for a login code by SMS, to a number that a user has or not. It is counted apart from the SMS of second factors, so
    /// that strangers cannot use those up; and one network leaves some of the day to the others.
    /// </summary>
    public Task<Error?> TryAcquireLoginCodeSms(Application application, string number, string network) =>
        TryAcquire(
            application,
            MessagePurpose.SmsForUser(network),
            number,
            new RateLimitRequest(DefaultLimits.LoginCodesByMinute, number),
            new RateLimitRequest(DefaultLimits.LoginCodesBySms, number),
            new RateLimitRequest(DefaultLimits.LoginCodesBySmsAndNetwork, $"{number}|{network}"),
            new RateLimitRequest(DefaultLimits.MessagesPerNetwork, network)
        );

    /// <summary>
    /// Counts an SMS to an unverified number. Such SMS use at most half of the application's limit; the other half is reserved for logins.
    /// </summary>
    public Task<Error?> TryAcquireSmsToUnverified(Application application, string userId, string number, string network) =>
        TryAcquire(
            application,
            MessagePurpose.UnverifiedSms(network),
            number,
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
            )
        );

    /// <summary>
    /// Counts a test message. A developer's own address has a generous limit; other recipients have the limit of any message.
    /// </summary>
    public Task<Error?> TryAcquireTest(Application application, string developer, string recipient, string kind) =>
        TryAcquire(
            application,
            MessagePurpose.Test(kind),
            recipient,
            [
                new RateLimitRequest(DefaultLimits.TestMessages, developer),
                .. recipient == developer
                    ? Array.Empty<RateLimitRequest>()
                    :
                    [
                        new RateLimitRequest(DefaultLimits.MessagesPerMinute, Handle.KeyOf(recipient)),
                        new RateLimitRequest(
                            MessageKind.IsSms(kind) ? DefaultLimits.SmsPerDay : DefaultLimits.MessagesPerHour,
                            Handle.KeyOf(recipient)
                        ),
                    ],
            ]
        );

    /// <summary>Counts an operator's test of the installation's providers; 700 when the limit is reached.</summary>
    public Task<Error?> TryAcquireTest(string developer) =>
        limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.TestMessages, developer));

    private async Task<Error?> TryAcquire(
        Application application,
        MessagePurpose purpose,
        string recipient,
        params RateLimitRequest[] requests
    ) =>
        application.CannotSend is not null || !limits.AreOn
            ? application.CannotSend
            : (
                await limits.Acquire<Done>(
                    application.Id,
                    async db =>
                        (await limits.AcquireAll(db, application.Id, requests)).Error is { } tooMany ? tooMany
                        : !(application.Settings.HideAccountExistence && purpose.Network is not null)
                        && await budget.Check(db, application, purpose, recipient) is { } full
                            ? full
                        : default(Done)
                )
            ).Error;

    private static RateLimitRequest[] ForAddress(string address, string? network, string prefix = "")
    {
        var key = prefix + Handle.KeyOf(address);
        return
        [
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, key),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, key),
            .. network is null
                ? Array.Empty<RateLimitRequest>()
                : [new RateLimitRequest(DefaultLimits.MessagesPerHourAndNetwork, $"{key}|{network}")],
        ];
    }
}
