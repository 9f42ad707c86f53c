namespace Latchkey.Applications.Members;

/// <summary>A developer as a member of an application.</summary>
public sealed record Member
{
    public string DeveloperId { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The status of the developer's account.</summary>
    public string Status { get; init; } = "";

    public Role Role { get; init; }

    public long AddedAt { get; init; }

    public long? LastLoginAt { get; init; }
}
