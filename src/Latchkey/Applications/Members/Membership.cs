namespace Latchkey.Applications.Members;

/// <summary>An application as one of a developer's.</summary>
public sealed record Membership
{
    public string AppId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public Role Role { get; init; }

    /// <summary>Nobody else who can sign in owns it.</summary>
    public bool IsOnlyOwner { get; init; }
}
