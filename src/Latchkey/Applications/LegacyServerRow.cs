namespace Latchkey.Applications;

/// <summary>An old server, as stored.</summary>
public sealed record LegacyServerRow
{
    public string AppId { get; init; } = "";

    /// <summary>Empty when there was no App Token.</summary>
    public string AppTokenHash { get; init; } = "";

    /// <summary>PEM; null while none of its tokens is accepted.</summary>
    public string? PublicKey { get; init; }

    public long AccessTokensUntil { get; init; }

    public long AddedAt { get; init; }
}
