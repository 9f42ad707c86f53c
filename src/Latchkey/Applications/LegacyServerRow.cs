namespace Latchkey.Applications;

/// <summary>As it is stored.</summary>
public sealed record LegacyServerRow
{
    public string AppId { get; init; } = "";

    /// <summary>Empty when there was no App Token.</summary>
    public string AppTokenHash { get; init; } = "";

    /// <summary>PEM; null while nothing that it signed is accepted.</summary>
    public string? PublicKey { get; init; }

    public long AccessTokensUntil { get; init; }

    public long AddedAt { get; init; }
}
