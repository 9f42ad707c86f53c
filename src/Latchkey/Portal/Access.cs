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

/// <summary>
/// What a page asks of its visitor, to see it and to post to it. A page that says nothing asks, below an application, for a
/// viewer to see and an editor to change; below /portal/operator for an operator; elsewhere for somebody signed in.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class RequiresAccessAttribute(Access toSee, Access toChange) : Attribute
{
    public Access ToView { get; } = toSee;

    public Access ToEdit { get; } = toChange;
}

/// <summary>What the visitor of this request may do here.</summary>
/// <param name="CanEdit">The forms of the page at this address would be taken.</param>
public sealed record PageAccess(Access Access, bool CanView, bool CanEdit);
