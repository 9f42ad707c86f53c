using Latchkey.Applications.Settings;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Portal.Users;

/// <summary>Texts for users' statuses, sources and sort orders.</summary>
public static class UserTexts
{
    public static IReadOnlyList<(string Value, string Text)> Statuses { get; } =
    [(UserStatus.Active, "active"), (UserStatus.Locked, "locked"), (UserStatus.Suspended, "suspended")];

    public static IReadOnlyList<(string Value, string Text)> Origins { get; } =
    [.. UserList.Origins.Select(origin => (origin, Origin(origin)))];

    public static IReadOnlyList<(string Value, string Text)> Providers { get; } =
    [(SocialProvider.Apple, "Apple"), (SocialProvider.Google, "Google")];

    public static IReadOnlyList<(string Value, string Text)> Sorts { get; } =
    [
        ($"-{UserList.ByCreated}", "newest first"),
        (UserList.ByCreated, "oldest first"),
        ($"-{UserList.ByLastLogin}", "latest login first"),
        (UserList.ByLastLogin, "oldest login first"),
        (UserList.ByHandle, "handle A–Z"),
        ($"-{UserList.ByHandle}", "handle Z–A"),
    ];

    /// <summary>Without sorting by handle, which would reveal the handles of anonymous users.</summary>
    public static IReadOnlyList<(string Value, string Text)> AnonymousSorts { get; } =
    [.. Sorts.Where(sort => !sort.Value.EndsWith(UserList.ByHandle, StringComparison.Ordinal))];

    public static string Status(User user, ApplicationSettings settings) => user.IsSuspended ? "suspended" : user.ShownStatus(settings);

    /// <summary>How a user came to be.</summary>
    public static string Origin(string origin) =>
        origin switch
        {
            UserOrigin.Server => "server API",
            UserOrigin.CommandLine => "command line",
            _ => origin,
        };

    public static string Provider(User user) => user.LoginProvider.Length > 0 ? SocialProvider.DisplayName(user.LoginProvider) : "–";

    /// <summary>The purpose of a code.</summary>
    public static string Purpose(string purpose) =>
        purpose switch
        {
            CodePurpose.Reset => "A new password",
            CodePurpose.Phone => "A phone number",
            CodePurpose.Login => "The second step of a login",
            _ => purpose,
        };
}
