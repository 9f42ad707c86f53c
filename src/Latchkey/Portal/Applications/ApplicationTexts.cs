using System.Globalization;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;

namespace Latchkey.Portal.Applications;

/// <summary>Texts that explain an application's types and statuses.</summary>
public static class ApplicationTexts
{
    public static IReadOnlyList<Choice> Types { get; } =
    [
        new(ApplicationType.Development, "Development", "For development and testing. It can become commercial later."),
        new(
            ApplicationType.Commercial,
            "Commercial",
            "For an app in the stores.",
            "a commercial application cannot become a development application again."
        ),
    ];

    /// <summary>Explains an application's current status.</summary>
    public static string Meaning(string status) =>
        status switch
        {
            ApplicationStatus.Active => "Everything works.",
            ApplicationStatus.Inactive =>
                "Nobody can log in or sign up, and logged-in users are logged out. Apps can still read the settings and inform "
                    + "their users.",
            ApplicationStatus.Migrated => "Nobody can log in or sign up, and apps tell their users to update.",
            ApplicationStatus.Suspended => "All requests from apps are refused. Members can still see everything and change settings. "
                + "Only the operator can change the status.",
            _ => "All requests from apps are refused, because of a breach of the terms. Members can still see everything and change "
                + "settings. Only the operator can change the status, reset or delete it.",
        };

    /// <summary>Explains what a change of status will do.</summary>
    /// <param name="users">The number of users as text, such as "no users" or "2 users".</param>
    public static string Consequence(string to, string users) =>
        to switch
        {
            ApplicationStatus.Active =>
                $"People can sign up and log in immediately. It has {users}. Users whose access token is still valid do not have "
                    + "to log in again.",
            ApplicationStatus.Inactive =>
                $"At its next call, the app gets the error that the application is suspended (code 402). It has {users}: all are "
                    + "logged out, and nobody can log in or sign up until it is active again. Users, settings and keys do not change.",
            ApplicationStatus.Migrated =>
                "At its next call, the app gets the error that the application has moved (code 413), so that it can ask its "
                    + $"users to update. It has {users}: all are logged out, and nobody can log in or sign up. Users, settings and "
                    + "keys do not change.",
            ApplicationStatus.Suspended =>
                $"From its next call, all of the app's requests are refused, even for its settings (code 402). It has {users}: "
                    + "all are logged out. Members see the reason and can petition. Only an operator can reinstate it.",
            _ => $"From its next call, all of the app's requests are refused, even for its settings (code 402). It has {users}: all "
                + "are logged out. Members see the reason and can petition. Only an operator can reinstate, reset or delete it.",
        };

    /// <summary>Explains that user JWTs stay valid, because backends verify them without asking this server.</summary>
    public static string TokensStayValidNote(ApplicationSettings settings) =>
        "Backends that verify user JWTs themselves accept existing ones until they expire, within "
        + $"{Describe(settings.UserJwtLifetime)}.";

    private static string Describe(TimeSpan time) =>
        time == TimeSpan.FromHours(1) ? "an hour"
        : time.TotalMinutes % 60 == 0 ? $"{time.TotalHours} hours"
        : time == TimeSpan.FromMinutes(1) ? "a minute"
        : $"{time.TotalMinutes} minutes";

    /// <summary>The button that gives this status.</summary>
    public static string ActionLabel(string from, string to) =>
        to switch
        {
            ApplicationStatus.Active => ApplicationStatusRules.IsSuspendedOrBlocked(from) ? "Reinstate" : "Make active",
            ApplicationStatus.Inactive => "Make inactive",
            ApplicationStatus.Migrated => "Mark as migrated",
            ApplicationStatus.Suspended => "Suspend",
            _ => "Block",
        };

    /// <summary>Asks before the status changes.</summary>
    public static string Question(string from, string to, string name) =>
        to switch
        {
            ApplicationStatus.Inactive => $"Make {name} inactive?",
            ApplicationStatus.Active when !ApplicationStatusRules.IsSuspendedOrBlocked(from) => $"Make {name} active?",
            ApplicationStatus.Migrated => $"Mark {name} as migrated?",
            _ => $"{ActionLabel(from, to)} {name}?",
        };

    /// <summary>A time span as people say it: its two largest units, down to minutes.</summary>
    public static string FormatDuration(TimeSpan time)
    {
        (long Number, string Unit)[] units = [((long)time.TotalDays, "day"), (time.Hours, "hour"), (time.Minutes, "minute")];
        var shown = units
            .SkipWhile(unit => unit.Number == 0)
            .Take(2)
            .Where(unit => unit.Number > 0)
            .Select(unit => $"{unit.Number.ToString("N0", CultureInfo.InvariantCulture)} {unit.Unit}{(unit.Number == 1 ? "" : "s")}")
            .ToList();
        return shown.Count == 0 ? "less than a minute" : string.Join(" ", shown);
    }
}
