using Latchkey.Core;

namespace Latchkey.Applications.Members;

/// <summary>The roles of an application's members.</summary>
public static class MemberRoles
{
    public static IReadOnlyList<Role> All { get; } = [Role.Owner, Role.Editor, Role.Viewer];

    /// <summary>Parses a role name; <see cref="Role.None"/> for any other text.</summary>
    public static Role Parse(string? name) =>
        name is not null && EnumNames.TryParse<Role>(name, out var role) && All.Contains(role) ? role : Role.None;
}
