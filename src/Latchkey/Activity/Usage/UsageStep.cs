namespace Latchkey.Activity.Usage;

/// <summary>The time that usage is added up for. Weeks begin on Monday; all are in UTC.</summary>
public enum UsageStep
{
    Hour,
    Day,
    Week,
    Month,
}
