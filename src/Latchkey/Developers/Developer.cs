using System.Data.Common;
using Dapper;

namespace Latchkey.Developers;

/// <summary>Someone with an account in the portal.</summary>
public sealed record Developer
{
    public string Id { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>operator or developer.</summary>
    public string Role { get; init; } = "";

    public string Status { get; init; } = "active";

    public string PasswordHash { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? LastLoginAt { get; init; }

    public bool IsOperator => Role == DeveloperRole.Operator;
}

public static class DeveloperRole
{
    public const string Operator = "operator";
    public const string Developer = "developer";
}

/// <summary>A signed-in browser.</summary>
public sealed record PortalSession
{
    /// <summary>SHA-256 of the cookie's value.</summary>
    public string TokenHash { get; init; } = "";

    public string DeveloperId { get; init; } = "";

    public string Client { get; init; } = "";

    public long CreatedAt { get; init; }

    public long SeenAt { get; init; }

    public long ExpiresAt { get; init; }
}

/// <summary>The tables developers and portal_sessions, and the setup link.</summary>
public sealed class DeveloperStore
{
    private const string Columns = "d.id, d.email, d.name, d.role, d.status, d.password_hash, d.created_at, d.last_login_at";
    private const string SetupName = "setup_link";

    public async Task<bool> Any(DbConnection db) => await db.QuerySingleOrDefaultAsync<int?>("SELECT 1 FROM developers LIMIT 1") is not null;

    public Task<Developer?> ByEmail(DbConnection db, string email) =>
        db.QuerySingleOrDefaultAsync<Developer>($"SELECT {Columns} FROM developers d WHERE d.email = @email", new { email });

    /// <summary>False when the address has an account.</summary>
    public async Task<bool> Insert(DbConnection db, Developer developer) =>
        await db.ExecuteAsync(
            """
            INSERT INTO developers (id, email, name, role, status, password_hash, created_at)
            VALUES (@Id, @Email, @Name, @Role, @Status, @PasswordHash, @CreatedAt)
            ON CONFLICT (email) DO NOTHING
            """,
            developer) == 1;

    public async Task InsertSession(DbConnection db, PortalSession session)
    {
        await db.ExecuteAsync(
            "INSERT INTO portal_sessions (token_hash, developer_id, client, created_at, seen_at, expires_at) VALUES (@TokenHash, @DeveloperId, @Client, @CreatedAt, @SeenAt, @ExpiresAt)",
            session);
        await db.ExecuteAsync("UPDATE developers SET last_login_at = @CreatedAt WHERE id = @DeveloperId", session);
    }

    /// <summary>The session and its developer; null when it has ended, was idle too long, or the account is not active.</summary>
    public async Task<(PortalSession Session, Developer Developer)?> FindSession(DbConnection db, string tokenHash, long now, long idleSince)
    {
        var found = await db.QueryAsync<PortalSession, Developer, (PortalSession, Developer)>(
            $"""
            SELECT s.token_hash, s.developer_id, s.client, s.created_at, s.seen_at, s.expires_at, {Columns}
            FROM portal_sessions s JOIN developers d ON d.id = s.developer_id AND d.status = 'active'
            WHERE s.token_hash = @tokenHash AND s.expires_at > @now AND s.seen_at > @idleSince
            """,
            (session, developer) => (session, developer),
            new { tokenHash, now, idleSince });
        return found.Select(pair => ((PortalSession, Developer)?)pair).FirstOrDefault();
    }

    public Task Touch(DbConnection db, string tokenHash, long now) =>
        db.ExecuteAsync("UPDATE portal_sessions SET seen_at = @now WHERE token_hash = @tokenHash", new { tokenHash, now });

    public Task EndSession(DbConnection db, string tokenHash) => db.ExecuteAsync("DELETE FROM portal_sessions WHERE token_hash = @tokenHash", new { tokenHash });

    public Task<int> RemoveExpired(DbConnection db, long now) => db.ExecuteAsync("DELETE FROM portal_sessions WHERE expires_at < @now", new { now });

    /// <summary>Replaces the setup link: only the newest works.</summary>
    public Task SetSetupLink(DbConnection db, string hash) =>
        db.ExecuteAsync($"INSERT INTO installation (name, value) VALUES ('{SetupName}', @hash) ON CONFLICT (name) DO UPDATE SET value = @hash", new { hash });

    public async Task<bool> IsSetupLink(DbConnection db, string hash) =>
        await db.QuerySingleOrDefaultAsync<int?>($"SELECT 1 FROM installation WHERE name = '{SetupName}' AND value = @hash", new { hash }) is not null;

    /// <summary>Uses the setup link up; true once.</summary>
    public async Task<bool> UseSetupLink(DbConnection db, string hash) =>
        await db.ExecuteAsync($"DELETE FROM installation WHERE name = '{SetupName}' AND value = @hash", new { hash }) == 1;
}
