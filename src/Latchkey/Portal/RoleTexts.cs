using Latchkey.Applications.Members;

namespace Latchkey.Portal;

/// <summary>The roles in an application, in the portal's words.</summary>
public static class RoleTexts
{
    public static IReadOnlyList<Choice> Roles { get; } =
    [
        new(MemberRole.Viewer, "Viewer", "Looks at settings, users and logs, and changes nothing."),
        new(MemberRole.Editor, "Editor", "Changes settings, templates and users."),
        new(MemberRole.Owner, "Owner", "Does all that, and resets, deletes and invites."),
    ];

    /// <summary>One sentence.</summary>
    public static string Meaning(string role) => Roles.FirstOrDefault(one => one.Value == role)?.Meaning ?? "";
}
