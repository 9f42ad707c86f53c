namespace Latchkey.Portal;

/// <summary>
/// The access that a page needs, to view it and to post to it. Without this attribute, a page of an application needs viewer to see and
/// an editor to change; below /portal/operator for an operator; elsewhere for somebody signed in.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class RequiresAccessAttribute(Access toSee, Access toChange) : Attribute
{
    public Access ToView { get; } = toSee;

    public Access ToEdit { get; } = toChange;
}
