namespace Latchkey.Users.Timeline;

/// <summary>The kinds of events by which a timeline is filtered.</summary>
public static class TimelineKind
{
    /// <summary>Calls that changed something.</summary>
    public const string Done = "done";

    /// <summary>Calls that were refused.</summary>
    public const string Refused = "refused";

    /// <summary>Mails and SMS.</summary>
    public const string Messages = "messages";

    /// <summary>Sign-ins, and the ends of sessions.</summary>
    public const string Sessions = "sessions";

    public static IReadOnlyList<string> All { get; } = [Done, Refused, Messages, Sessions];
}
