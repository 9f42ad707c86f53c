using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Accounts;

/// <summary>How many mails of the portal one address gets, and one network asks for: known addresses and others alike. One network leaves an address's owner one mail an hour.</summary>
public sealed class PortalMailLimits(RateLimits limits)
{
    /// <param name="address">Who gets it.</param>
    /// <param name="network">Who asks.</param>
    public async Task<Error?> Take(string address, string network) =>
        await limits.Take(
            DeveloperAccounts.Scope,
            new Try(DefaultLimits.MessagesPerMinute, address),
            new Try(DefaultLimits.MessagesPerHour, address),
            new Try(DefaultLimits.MessagesPerHourOfNetwork, $"{address}|{network}"),
            new Try(DefaultLimits.MessagesOfNetwork, network)) is null ? null : AccountInput.TooManyMails;

    /// <summary>As <see cref="Take"/>, for an invitation by somebody who is signed in.</summary>
    public async Task<Error?> TakeInvitation(string address, string inviter) =>
        await limits.Take(
            DeveloperAccounts.Scope,
            new Try(DefaultLimits.MessagesPerMinute, address),
            new Try(DefaultLimits.MessagesPerHour, address),
            new Try(DefaultLimits.PortalInvitations, inviter)) is null ? null : AccountInput.TooManyMails;
}
