namespace Latchkey.Accounts;

/// <summary>A link that was mailed and not used yet.</summary>
public sealed record DeveloperLink
{
    /// <summary>SHA-256 of the token in the link.</summary>
    public string TokenHash { get; init; } = "";

    /// <summary>A <see cref="LinkPurpose"/>.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Whose account it is about; null where there is none.</summary>
    public string? DeveloperId { get; init; }

    /// <summary>The address it went to.</summary>
    public string Email { get; init; } = "";

    public long ExpiresAt { get; init; }
}
