using Latchkey.Applications;

namespace Latchkey.Portal;

/// <summary>
/// The role that a page needs, to view it and to post to it. Without this attribute, a page of an application needs a viewer and an editor,
/// a page below /portal/operator an operator, and any other page somebody who is signed in.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class RequiresRoleAttribute(Role toView, Role toEdit) : Attribute
{
    public Role ToView { get; } = toView;

    public Role ToEdit { get; } = toEdit;
}
