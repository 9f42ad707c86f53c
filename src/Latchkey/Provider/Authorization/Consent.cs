namespace Latchkey.Provider.Authorization;

/// <summary>What a user has allowed to a client.</summary>
public sealed record Consent
{
    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>With spaces between the scopes.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Resource indicators with spaces between them.</summary>
    public string Resources { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public bool Covers(IEnumerable<string> scopes, IEnumerable<string> resources) =>
        scopes.All(Scope.Split(' ').Contains) && resources.All(Resources.Split(' ').Contains);
}
