using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Accounts;

/// <summary>
/// How many mails of the portal one address gets, and one network asks for: known addresses and others alike. One network leaves an
/// address's owner one mail an hour.
/// </summary>
public sealed class PortalMailLimits(RateLimits limits)
{
    /// <param name="address">Who gets it.</param>
    /// <param name="network">Who asks.</param>
    public async Task<Error?> TryAcquire(string address, string network) =>
        await limits.TryAcquire(
            DeveloperAccounts.Scope,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, address),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, address),
            new RateLimitRequest(DefaultLimits.MessagesPerHourAndNetwork, $"{address}|{network}"),
            new RateLimitRequest(DefaultLimits.MessagesPerNetwork, network)
        )
            is null
            ? null
            : AccountValidator.TooManyMails;

    /// <summary>As <see cref="TryAcquire"/>, for an invitation by somebody who is signed in.</summary>
    public async Task<Error?> TryAcquireForInvitation(string address, string inviter) =>
        await limits.TryAcquire(
            DeveloperAccounts.Scope,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, address),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, address),
            new RateLimitRequest(DefaultLimits.PortalInvitations, inviter)
        )
            is null
            ? null
            : AccountValidator.TooManyMails;
}
