using Latchkey.Activity.Usage;

namespace Latchkey.Users.Sessions;

/// <summary>
/// Determines whether a user is active for the first time on a day, in a week or in a month. Signup, login and the refresh of a session
/// count as activity; the use of an access token does not. Comparing with the previous activity gives exact numbers of distinct users.
/// </summary>
public static class UserActivity
{
    /// <summary>The time of the last activity, in unix milliseconds; null for none (after an import).</summary>
    public static long? LastSeen(User user) =>
        Later(user.LastLoginAt, user.LastActiveAt)
        ?? (user.Origin is UserOrigin.Signup or UserOrigin.Invitation or UserOrigin.Social ? user.CreatedAt : null);

    private static long? Later(long? one, long? other) => one is null || other > one ? other : one;

    /// <summary>The counters to increment for a user who is active now, and was last active at <paramref name="lastSeen"/>.</summary>
    public static IEnumerable<string> UsageKindsFor(long? lastSeen, long now)
    {
        var (today, before) = (UsageDay.Of(now), lastSeen is { } at ? UsageDay.Of(at) : int.MinValue);
        if (before < today)
        {
            yield return UsageKind.Active;
        }

        if (before < UsageDay.FirstOfWeek(today))
        {
            yield return UsageKind.ActiveWeek;
        }

        if (before < UsageDay.FirstOfMonth(today))
        {
            yield return UsageKind.ActiveMonth;
        }
    }

    /// <summary>The way of a login, by its first step.</summary>
    /// <param name="methods">As in <see cref="Session.Methods"/>.</param>
    public static string LoginKindOf(string methods) =>
        AuthenticationMethods.Read(methods) switch
        {
            [] => UsageKind.AnonymousLogin,
            [AuthenticationMethods.HardwareKey or AuthenticationMethods.SoftwareKey, ..] => UsageKind.PasskeyLogin,
            [AuthenticationMethods.Mail or AuthenticationMethods.Sms, ..] => UsageKind.CodeLogin,
            [AuthenticationMethods.Federated, ..] => UsageKind.ProviderLogin,
            _ => UsageKind.PasswordLogin,
        };
}
