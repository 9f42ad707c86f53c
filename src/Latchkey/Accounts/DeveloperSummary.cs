using Latchkey.Applications;

namespace Latchkey.Accounts;

/// <summary>An account in the operators' list.</summary>
public sealed record DeveloperSummary
{
    public string Id { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    public Role Role { get; init; }

    public string Status { get; init; } = "";

    public bool HasSecondFactor { get; init; }

    /// <summary>The number of applications they are a member of.</summary>
    public long Applications { get; init; }

    public long? LastLoginAt { get; init; }
}
