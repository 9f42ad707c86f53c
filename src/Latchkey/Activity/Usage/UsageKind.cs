namespace Latchkey.Activity.Usage;

/// <summary>The counters of each application and day.</summary>
public static class UsageKind
{
    /// <summary>Signups: by code or link, invitation, Apple or Google.</summary>
    public const string Signup = "signup";

    /// <summary>Logins, including those of anonymous users.</summary>
    public const string Login = "login";

    /// <summary>Refused calls, as in the log.</summary>
    public const string Failure = "failure";

    /// <summary>Users who signed up or logged in for the first time on this day.</summary>
    public const string Active = "active";

    /// <summary>Users who signed up or logged in for the first time in this month; stored on the month's first day.</summary>
    public const string ActiveMonth = "active_month";

    /// <summary>Queued mails.</summary>
    public const string Mail = "mail";

    /// <summary>Queued SMS.</summary>
    public const string Sms = "sms";
}
