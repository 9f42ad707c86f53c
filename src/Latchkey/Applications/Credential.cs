namespace Latchkey.Applications;

/// <summary>An App Token by its id, or an App Secret by its hash, and its expiry (null: none).</summary>
public sealed record Credential
{
    public string Id { get; init; } = "";

    public long? ExpiresAt { get; init; }

    public bool IsLive(long now) => ExpiresAt is null || ExpiresAt > now;
}
