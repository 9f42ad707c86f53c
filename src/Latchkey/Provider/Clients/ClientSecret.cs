namespace Latchkey.Provider.Clients;

/// <summary>A secret of a client, as stored: only its hash.</summary>
/// <param name="Id">Random, for people and commands.</param>
/// <param name="Hash">The SHA-256 in base64url. The secret has 256 random bits, so no salt is needed.</param>
/// <param name="Hint">Its last four characters.</param>
/// <param name="CreatedAt">In unix milliseconds.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record ClientSecret(string Id, string Hash, string Hint, long CreatedAt, long? ExpiresAt = null)
{
    public bool IsLive(long now) => ExpiresAt is not { } end || end > now;
}
