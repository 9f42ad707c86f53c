using System.Data.Common;
using Dapper;

namespace Latchkey.Accounts;

/// <summary>The table developer_links.</summary>
public sealed class DeveloperLinkStore
{
    public Task Insert(DbConnection db, DeveloperLink link) =>
        db.ExecuteAsync(
            "INSERT INTO developer_links (token_hash, purpose, developer_id, email, expires_at) VALUES (@TokenHash, @Purpose, "
                + "@DeveloperId, @Email, @ExpiresAt)",
            link
        );

    public Task<DeveloperLink?> Find(DbConnection db, string tokenHash, string purpose, long now) =>
        db.QuerySingleOrDefaultAsync<DeveloperLink>(
            "SELECT token_hash, purpose, developer_id, email, expires_at FROM developer_links WHERE token_hash = @tokenHash AND "
                + "purpose = @purpose AND expires_at > @now",
            new
            {
                tokenHash,
                purpose,
                now,
            }
        );

    /// <summary>Consumes the link; true once.</summary>
    public async Task<bool> TryConsume(DbConnection db, string tokenHash, string purpose, long now) =>
        await db.ExecuteAsync(
            "DELETE FROM developer_links WHERE token_hash = @tokenHash AND purpose = @purpose AND expires_at > @now",
            new
            {
                tokenHash,
                purpose,
                now,
            }
        ) == 1;

    /// <summary>Deletes all links of the developer's account.</summary>
    public Task EndAll(DbConnection db, string developerId) =>
        db.ExecuteAsync("DELETE FROM developer_links WHERE developer_id = @developerId", new { developerId });

    public Task RemoveExpired(DbConnection db, long now) =>
        db.ExecuteAsync("DELETE FROM developer_links WHERE expires_at < @now", new { now });
}
