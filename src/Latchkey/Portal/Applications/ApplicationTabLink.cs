using Latchkey.Applications;

namespace Latchkey.Portal.Applications;

/// <summary>A tab of an application.</summary>
/// <param name="Key">What pages name it by; empty for the first.</param>
/// <param name="Group">The heading above the tab.</param>
/// <param name="NeedsJwt">Shown only while the application has JWT on.</param>
public sealed record ApplicationTabLink(string Key, string Text, string Group, bool NeedsJwt = true, Role RequiredRole = Role.Viewer)
{
    /// <summary>Its address below the application's.</summary>
    public string Path { get; init; } = Key;
}
