using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Accounts;

/// <summary>
/// Rate limits of portal mails per address and per network, the same for known and unknown addresses. A single network can never use up
/// an address's limit: the owner can always get one mail per hour.
/// </summary>
public sealed class PortalMailLimits(RateLimits limits)
{
    /// <param name="address">The recipient.</param>
    /// <param name="network">The requesting network.</param>
    public async Task<Error?> TryAcquire(string address, string network) =>
        await limits.TryAcquire(
            DeveloperAccounts.Scope,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, Handle.KeyOf(address)),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, Handle.KeyOf(address)),
            new RateLimitRequest(DefaultLimits.MessagesPerHourAndNetwork, $"{Handle.KeyOf(address)}|{network}"),
            new RateLimitRequest(DefaultLimits.MessagesPerNetwork, network)
        )
            is null
            ? null
            : AccountValidator.TooManyMails;

    /// <summary>As <see cref="TryAcquire"/>, for an invitation by a signed-in developer.</summary>
    public async Task<Error?> TryAcquireForInvitation(string address, string inviter) =>
        await limits.TryAcquire(
            DeveloperAccounts.Scope,
            new RateLimitRequest(DefaultLimits.MessagesPerMinute, Handle.KeyOf(address)),
            new RateLimitRequest(DefaultLimits.MessagesPerHour, Handle.KeyOf(address)),
            new RateLimitRequest(DefaultLimits.PortalInvitations, inviter)
        )
            is null
            ? null
            : AccountValidator.TooManyMails;
}
