namespace Latchkey.Accounts;

/// <summary>A mailed link that is not used yet.</summary>
public sealed record DeveloperLink
{
    /// <summary>SHA-256 of the token in the link.</summary>
    public string TokenHash { get; init; } = "";

    /// <summary>A <see cref="LinkPurpose"/>.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The account concerned; null when there is none.</summary>
    public string? DeveloperId { get; init; }

    /// <summary>The recipient's address.</summary>
    public string Email { get; init; } = "";

    public long ExpiresAt { get; init; }
}
