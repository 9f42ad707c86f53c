namespace Latchkey.Applications;

public static class ApplicationStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Suspended = "suspended";
    public const string Blocked = "blocked";
    public const string Migrated = "migrated";

    public static IReadOnlyList<string> All { get; } = [Active, Inactive, Suspended, Blocked, Migrated];
}
