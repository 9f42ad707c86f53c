namespace Latchkey.Applications;

/// <summary>
/// What a developer may do: in an application (viewer, editor, owner), or in the whole installation (developer, operator). Each value
/// includes the rights of those before it.
/// </summary>
public enum Role
{
    /// <summary>Not a member of the application.</summary>
    None,

    /// <summary>Has an account, which is enough for what belongs to no application.</summary>
    Developer,

    /// <summary>Sees everything of an application and changes nothing.</summary>
    Viewer,

    /// <summary>Also changes settings, templates and users.</summary>
    Editor,

    /// <summary>Also resets and deletes the application, and manages its members.</summary>
    Owner,

    /// <summary>Can do everything in every application and in the installation.</summary>
    Operator,
}
