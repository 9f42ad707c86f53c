namespace Latchkey.Portal;

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
