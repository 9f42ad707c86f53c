using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Portal;

/// <summary>The roles in an application, in the portal's words.</summary>
public static class RoleTexts
{
    public static IReadOnlyList<Choice> Roles { get; } =
    [
        Of(Role.Viewer, "Viewer", "Can view settings, users and logs, but change nothing."),
        Of(Role.Editor, "Editor", "Can also change settings, templates and users."),
        Of(Role.Owner, "Owner", "Can also reset and delete the application, and manage its members."),
    ];

    /// <summary>One sentence.</summary>
    public static string Meaning(Role role) => Roles.FirstOrDefault(one => one.Value == role.ToName())?.Meaning ?? "";

    private static Choice Of(Role role, string title, string meaning) => new(role.ToName(), title, meaning);
}
