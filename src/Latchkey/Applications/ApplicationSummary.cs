namespace Latchkey.Applications;

/// <summary>An application in a list.</summary>
public sealed record ApplicationSummary
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public long Users { get; init; }

    /// <summary>When the users were counted, in unix milliseconds; null for a current count.</summary>
    public long? UsersAsOf { get; init; }

    /// <summary>Distinct users who signed up or logged in this month (UTC).</summary>
    public long ActiveUsers { get; init; }

    /// <summary>The developer's role; none in an operator's list.</summary>
    public Role Role { get; init; }

    public long CreatedAt { get; init; }
}
