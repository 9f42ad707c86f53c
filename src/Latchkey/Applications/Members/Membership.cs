namespace Latchkey.Applications.Members;

/// <summary>A developer's membership in an application.</summary>
public sealed record Membership
{
    public string AppId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public Role Role { get; init; }

    /// <summary>The developer is the only owner who can sign in.</summary>
    public bool IsOnlyOwner { get; init; }
}
