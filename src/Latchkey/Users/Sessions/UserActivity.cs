using Latchkey.Activity.Usage;

namespace Latchkey.Users.Sessions;

/// <summary>
/// Whether a user is active for the first time on a day or in a month. A user is active by signing up and by logging in; an access
/// token that is used on does not count. One comparison with the time before makes the numbers of distinct users exact.
/// </summary>
public static class UserActivity
{
    /// <summary>When the user was active last, in unix milliseconds; null for never, as after an import.</summary>
    public static long? LastSeen(User user) =>
        user.LastLoginAt ?? (user.Origin is UserOrigin.Signup or UserOrigin.Invitation or UserOrigin.Social ? user.CreatedAt : null);

    /// <summary>What to count for a user who is active now and was so before at <paramref name="lastSeen"/>.</summary>
    public static IEnumerable<string> UsageKindsFor(long? lastSeen, long now)
    {
        var (today, before) = (UsageDay.Of(now), lastSeen is { } at ? UsageDay.Of(at) : int.MinValue);
        if (before < today)
        {
            yield return UsageKind.Active;
        }

        if (before < UsageDay.FirstOfMonth(today))
        {
            yield return UsageKind.ActiveMonth;
        }
    }
}
