namespace Latchkey.Activity.Usage;

/// <summary>The counters of each application, day and hour.</summary>
public static class UsageKind
{
    /// <summary>Signups: by code or link, invitation, Apple or Google.</summary>
    public const string Signup = "signup";

    /// <summary>Logins before ways to sign in were told apart.</summary>
    public const string Login = "login";
    public const string PasswordLogin = "login_password";
    public const string PasskeyLogin = "login_passkey";

    /// <summary>By a code or link that was mailed or sent by SMS.</summary>
    public const string CodeLogin = "login_code";

    /// <summary>By Apple, Google or another provider.</summary>
    public const string ProviderLogin = "login_provider";
    public const string AnonymousLogin = "login_anonymous";

    /// <summary>All logins: each is counted under one of these.</summary>
    public static IReadOnlyList<string> Logins { get; } = [Login, PasswordLogin, PasskeyLogin, CodeLogin, ProviderLogin, AnonymousLogin];

    /// <summary><see cref="Logins"/> as a list in SQL.</summary>
    public static string LoginsInSql { get; } = string.Join(", ", Logins.Select(kind => $"'{kind}'"));

    /// <summary>Refused calls, as in the log.</summary>
    public const string Failure = "failure";

    /// <summary>Users who signed up or logged in for the first time on this day.</summary>
    public const string Active = "active";

    /// <summary>Users who signed up or logged in for the first time in this week; stored on its Monday.</summary>
    public const string ActiveWeek = "active_week";

    /// <summary>Users who signed up or logged in for the first time in this month; stored on the month's first day.</summary>
    public const string ActiveMonth = "active_month";

    /// <summary>The kinds that count users, as a list in SQL.</summary>
    public const string ActiveInSql = $"'{Active}', '{ActiveWeek}', '{ActiveMonth}'";

    /// <summary>Distinct users of each day, week or month; null for hours, in which users are not told apart.</summary>
    public static string? ActiveIn(UsageStep step) =>
        step switch
        {
            UsageStep.Hour => null,
            UsageStep.Week => ActiveWeek,
            UsageStep.Month => ActiveMonth,
            _ => Active,
        };

    /// <summary>Queued mails.</summary>
    public const string Mail = "mail";

    /// <summary>Queued SMS.</summary>
    public const string Sms = "sms";
}
