namespace Latchkey.Applications.Members;

/// <summary>
/// What a developer may do with an application: a viewer looks, an editor changes, an owner also resets, deletes and invites.
/// </summary>
public static class MemberRole
{
    public const string Owner = "owner";
    public const string Editor = "editor";
    public const string Viewer = "viewer";

    public static IReadOnlyList<string> All { get; } = [Owner, Editor, Viewer];
}
