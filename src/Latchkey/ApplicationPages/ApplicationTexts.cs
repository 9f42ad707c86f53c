using Latchkey.Applications;
using Latchkey.Portal;

namespace Latchkey.ApplicationPages;

/// <summary>What an application's types and states mean to people.</summary>
public static class ApplicationTexts
{
    public static IReadOnlyList<Choice> Types { get; } =
    [
        new(ApplicationType.Development, "Development", "For building and trying. It can become commercial later."),
        new(ApplicationType.Commercial, "Commercial", "For an app in the stores.", "a commercial application cannot become a development one again."),
    ];

    public static IReadOnlyList<Choice> Statuses { get; } =
    [
        new(ApplicationStatus.Active, "Active", "Everything works."),
        new(ApplicationStatus.Inactive, "Inactive", "Nobody logs in or signs up, and those who are logged in are out. Apps can still read the settings."),
        new(ApplicationStatus.Migrated, "Migrated", "As inactive, and apps learn that they should ask their users to update."),
        new(ApplicationStatus.Suspended, "Suspended", "Set by the operator when a bill is not paid. Apps cannot even read the settings."),
        new(ApplicationStatus.Blocked, "Blocked", "Set by the operator after a breach of the terms. As suspended."),
    ];
}
