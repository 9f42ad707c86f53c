namespace Latchkey.Jobs;

public static class JobState
{
    public const string Open = "open";
    public const string Done = "done";
    public const string Failed = "failed";

    /// <summary>Somebody stopped it. What was done until then stays done.</summary>
    public const string Cancelled = "cancelled";
}
