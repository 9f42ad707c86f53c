using Latchkey.Applications.Members;

namespace Latchkey.Portal;

/// <summary>The roles in an application, in the portal's words.</summary>
public static class RoleTexts
{
    public static IReadOnlyList<Choice> Roles { get; } =
    [
        new(MemberRole.Viewer, "Viewer", "Can view settings, users and logs, but change nothing."),
        new(MemberRole.Editor, "Editor", "Can also change settings, templates and users."),
        new(MemberRole.Owner, "Owner", "Can also reset and delete the application, and manage its members."),
    ];

    /// <summary>One sentence.</summary>
    public static string Meaning(string role) => Roles.FirstOrDefault(one => one.Value == role)?.Meaning ?? "";
}
