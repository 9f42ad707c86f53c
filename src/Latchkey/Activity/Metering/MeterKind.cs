namespace Latchkey.Activity.Metering;

/// <summary>What is charged by number.</summary>
public static class MeterKind
{
    /// <summary>A user who signed up or logged in in the month; the subject is the user's id.</summary>
    public const string ActiveUser = "active_user";

    /// <summary>A mail that the installation's provider took; the subject is the message's id.</summary>
    public const string Mail = "mail";

    /// <summary>An SMS that the installation's provider took; the subject is the message's id.</summary>
    public const string Sms = "sms";
}
