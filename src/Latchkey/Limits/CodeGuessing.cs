using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>
/// Limits for consecutive wrong codes of a second factor, which only somebody who knows the password can enter. The owner is notified
/// after 5. From the 10th on, the next attempt must wait: 30 seconds, doubling up to 15 minutes. After 50, nobody can sign in until the
/// password is reset.
/// </summary>
public static class CodeGuessing
{
    public const int Notice = 5;
    public const int FreeAttempts = 10;
    public const int ForcesReset = 50;

    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(15);

    /// <summary>700 while the next attempt must wait; null otherwise. Call it with the row locked.</summary>
    /// <param name="failures">Consecutive wrong codes.</param>
    /// <param name="lastAt">The time of the last one, in unix milliseconds.</param>
    /// <param name="now">The time in unix milliseconds.</param>
    public static Error? Check(int failures, long lastAt, long now)
    {
        var doublings = failures - FreeAttempts;
        var delay =
            doublings < 0 ? TimeSpan.Zero
            : doublings >= 5 ? MaxDelay
            : InitialDelay * (1 << doublings);
        var opensAt = lastAt + RateLimits.Milliseconds(delay);
        return opensAt <= now ? null : RateLimits.Refusal("wrong codes of one account in a row", opensAt - now);
    }
}
