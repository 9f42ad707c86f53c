using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Portal.Users;

/// <summary>What users' states mean to people.</summary>
public static class UserTexts
{
    public static IReadOnlyList<(string Value, string Text)> Statuses { get; } =
    [(UserStatus.Active, "active"), (UserStatus.Suspended, "suspended")];

    public static IReadOnlyList<(string Value, string Text)> Origins { get; } = [.. UserList.Origins.Select(origin => (origin, origin))];

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

    /// <summary>Of anonymous users the order of handles would tell what they are.</summary>
    public static IReadOnlyList<(string Value, string Text)> AnonymousSorts { get; } =
    [.. Sorts.Where(sort => !sort.Value.EndsWith(UserList.ByHandle, StringComparison.Ordinal))];

    public static string Status(User user) => user.IsSuspended ? "suspended" : user.Status;

    public static string Provider(User user) => user.LoginProvider.Length > 0 ? SocialProvider.DisplayName(user.LoginProvider) : "–";

    /// <summary>What a code is for.</summary>
    public static string Purpose(string purpose) =>
        purpose switch
        {
            CodePurpose.Reset => "A new password",
            CodePurpose.Phone => "A phone number",
            CodePurpose.Login => "The second step of a login",
            _ => purpose,
        };
}
