namespace Latchkey.Accounts;

/// <summary>A signed-in browser.</summary>
public sealed record PortalSession
{
    /// <summary>SHA-256 of the cookie's value.</summary>
    public string TokenHash { get; init; } = "";

    /// <summary>The id shown in pages.</summary>
    public string Id { get; init; } = "";

    public string DeveloperId { get; init; } = "";

    /// <summary>The client's address.</summary>
    public string Client { get; init; } = "";

    /// <summary>For example Firefox on Linux.</summary>
    public string Browser { get; init; } = "";

    public long CreatedAt { get; init; }

    public long SeenAt { get; init; }

    public long ExpiresAt { get; init; }

    /// <summary>When the developer signed in or last stepped up (<see cref="PortalStepUp"/>), in unix milliseconds.</summary>
    public long ProvedAt { get; init; }
}
