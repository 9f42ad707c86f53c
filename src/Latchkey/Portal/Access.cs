namespace Latchkey.Portal;

/// <summary>How far someone's rights go on a page; each level includes those before it.</summary>
public enum Access
{
    /// <summary>Not a member of the application that the page belongs to.</summary>
    None,

    /// <summary>Signed in; enough for pages that belong to no application.</summary>
    SignedIn,

    Viewer,
    Editor,
    Owner,
    Operator,
}
