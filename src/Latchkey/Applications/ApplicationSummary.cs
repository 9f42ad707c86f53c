namespace Latchkey.Applications;

/// <summary>An application in a list.</summary>
public sealed record ApplicationSummary
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public long Users { get; init; }

    /// <summary>When the users were counted, in unix milliseconds; null for now.</summary>
    public long? UsersAsOf { get; init; }

    /// <summary>Distinct users who signed up or logged in since the first of this month, in UTC.</summary>
    public long ActiveUsers { get; init; }

    /// <summary>The role of the developer whose list it is; none in an operator's list.</summary>
    public Role Role { get; init; }

    public long CreatedAt { get; init; }
}
