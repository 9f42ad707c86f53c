using System.Globalization;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;

namespace Latchkey.Portal.Applications;

/// <summary>What an application's types and states mean to people.</summary>
public static class ApplicationTexts
{
    public static IReadOnlyList<Choice> Types { get; } =
    [
        new(ApplicationType.Development, "Development", "For building and trying. It can become commercial later."),
        new(
            ApplicationType.Commercial,
            "Commercial",
            "For an app in the stores.",
            "a commercial application cannot become a development one again."
        ),
    ];

    /// <summary>What each status is, for someone who looks at an application that has it.</summary>
    public static string Meaning(string status) =>
        status switch
        {
            ApplicationStatus.Active => "Everything works.",
            ApplicationStatus.Inactive =>
                "Nobody logs in or signs up, and those who are logged in are out. Apps can still read the settings and tell "
                    + "their users. This time is not charged.",
            ApplicationStatus.Migrated => "Nobody logs in or signs up, and apps tell their users to update.",
            ApplicationStatus.Suspended =>
                "Apps are refused everything, because a bill is not paid. Its members still see everything and may change "
                    + "settings; only the operator changes the status.",
            _ => "Apps are refused everything, because of a breach of the terms. Its members still see everything and may change "
                + "settings; only the operator changes the status, resets or deletes it.",
        };

    /// <summary>What a change of status does, before it is made.</summary>
    /// <param name="users">So many users, as in "no users" or "2 users".</param>
    public static string Consequence(string to, string users) =>
        to switch
        {
            ApplicationStatus.Active =>
                $"People can sign up and log in at once. It has {users}; whoever has an access token that is still good is in "
                    + "again without logging in.",
            ApplicationStatus.Inactive =>
                $"At its next call the app is told that the application is suspended (code 402). It has {users}: whoever is "
                    + "logged in is out, and nobody logs in or signs up until it is active again. Users, settings and keys stay as "
                    + "they are. The time is recorded and not charged.",
            ApplicationStatus.Migrated =>
                "At its next call the app is told that the application has moved (code 413), so that it can ask its users to "
                    + $"update. It has {users}: whoever is logged in is out, and nobody logs in or signs up. Users, settings and keys "
                    + "stay as they are.",
            ApplicationStatus.Suspended =>
                $"At its next call the app is refused everything, even its settings (code 402). It has {users}: whoever is logged "
                    + "in is out. Its members are told the reason and can petition; only an operator lifts it.",
            _ => $"At its next call the app is refused everything, even its settings (code 402). It has {users}: whoever is logged "
                + "in is out. Its members are told the reason and can petition. Only an operator lifts the block, resets or "
                + "deletes the application.",
        };

    /// <summary>What stays good whatever the status: a token that is checked without asking this server.</summary>
    public static string TokensStayValidNote(ApplicationSettings settings) =>
        $"A backend that checks user JWTs by itself takes those it has until they end, which is within {(settings.UserJwtExpiration == 1 ? "an hour" : $"{settings.UserJwtExpiration} hours")}.";

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
