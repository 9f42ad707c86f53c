using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>
/// Limits the active codes of one handle and purpose, because an attempt is compared with all of them. One requester (a network, or for
/// invitations the inviter) has at most three: a newer one ends its oldest.
/// </summary>
public static class LiveCodes
{
    public const int PerRequester = 3;
    public const int InAll = 10;

    /// <summary>700 if there are too many for another one; null otherwise.</summary>
    /// <param name="live">The number of active codes without the new one.</param>
    /// <param name="firstEnd">When the first of them expires, in unix milliseconds.</param>
    /// <param name="now">The time in unix milliseconds.</param>
    public static Error? Check(long live, long firstEnd, long now) =>
        live < InAll ? null : RateLimits.Refusal("live codes of one handle", firstEnd - now);
}
