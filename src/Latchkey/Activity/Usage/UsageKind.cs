namespace Latchkey.Activity.Usage;

/// <summary>What is counted for each application and day.</summary>
public static class UsageKind
{
    /// <summary>A person came to be a user: by signup, invitation, Apple or Google.</summary>
    public const string Signup = "signup";

    /// <summary>Somebody got tokens by logging in, anonymous users too.</summary>
    public const string Login = "login";

    /// <summary>A call was refused, as the log has it.</summary>
    public const string Failure = "failure";

    /// <summary>A user signed up or logged in for the first time on this day.</summary>
    public const string Active = "active";

    /// <summary>A user signed up or logged in for the first time in this month; stands on the month's first day.</summary>
    public const string ActiveMonth = "active_month";

    /// <summary>A mail was put into the outbox.</summary>
    public const string Mail = "mail";

    /// <summary>An SMS was put into the outbox.</summary>
    public const string Sms = "sms";
}
