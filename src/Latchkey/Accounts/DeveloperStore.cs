using System.Data.Common;
using Dapper;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>The table developers, and the setup link.</summary>
public sealed class DeveloperStore(Dialect dialect)
{
    public const string Columns =
        "d.id, d.email, d.name, d.role, d.status, d.password_hash, d.totp_seed_sealed, d.totp_pending_sealed, d.totp_pending_at, "
        + "d.failed_codes, d.failed_code_at, d.created_at, d.last_login_at, d.passkey_count";

    private const string Matches =
        @"(d.email LIKE @address ESCAPE '\' OR d.email_key LIKE @address ESCAPE '\' OR lower(d.name) LIKE @name ESCAPE '\' "
        + @"OR d.name LIKE @asTyped ESCAPE '\')";
    private const string SetupName = "setup_link";

    public async Task<bool> Any(DbConnection db) =>
        await db.QuerySingleOrDefaultAsync<int?>("SELECT 1 FROM developers LIMIT 1") is not null;

    /// <summary>The addresses of all active operators.</summary>
    public async Task<IReadOnlyList<string>> ListOperatorEmails(DbConnection db) =>
        [.. await db.QueryAsync<string>($"SELECT email FROM developers WHERE role = 'operator' AND status = 'active' ORDER BY email")];

    public Task<Developer?> FindByEmail(DbConnection db, string email) =>
        db.QuerySingleOrDefaultAsync<Developer>(
            $"SELECT {Columns} FROM developers d WHERE d.email_key = @key",
            new { key = Handle.KeyOf(email) }
        );

    public Task<Developer?> Find(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Developer>($"SELECT {Columns} FROM developers d WHERE d.id = @id", new { id });

    /// <summary>Finds an account with a row lock until the transaction ends.</summary>
    public Task<Developer?> FindForUpdate(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Developer>($"SELECT {Columns} FROM developers d WHERE d.id = @id {dialect.ForUpdate}", new { id });

    /// <summary>Inserts the account; false when the address has one.</summary>
    public async Task<bool> Insert(DbConnection db, Developer developer) =>
        await db.ExecuteAsync(
            """
            INSERT INTO developers (id, email, email_key, name, role, status, password_hash, created_at, passkey_user_handle)
            VALUES (@Id, @Email, @EmailKey, @Name, @Role, @Status, @PasswordHash, @CreatedAt, @PasskeyUserHandle)
            ON CONFLICT (email_key) DO NOTHING
            """,
            new
            {
                developer.Id,
                developer.Email,
                EmailKey = Handle.KeyOf(developer.Email),
                developer.Name,
                Role = developer.Role.ToName(),
                developer.Status,
                developer.PasswordHash,
                developer.CreatedAt,
                PasskeyUserHandle = PasskeyCeremony.NewUserHandle(),
            }
        ) == 1;

    public Task SetName(DbConnection db, string id, string name) =>
        db.ExecuteAsync("UPDATE developers SET name = @name WHERE id = @id", new { id, name });

    /// <exception cref="DbException">Unique violation of email_key: the address has an account.</exception>
    public Task SetEmail(DbConnection db, string id, string email) =>
        db.ExecuteAsync(
            "UPDATE developers SET email = @email, email_key = @key WHERE id = @id",
            new
            {
                id,
                email,
                key = Handle.KeyOf(email),
            }
        );

    /// <summary>Sets the password hash. Discards a pending authenticator enrolment that began under the old password.</summary>
    public Task SetPassword(DbConnection db, string id, string hash) =>
        db.ExecuteAsync(
            "UPDATE developers SET password_hash = @hash, totp_pending_sealed = NULL, failed_codes = 0 WHERE id = @id",
            new { id, hash }
        );

    /// <summary>Counts a wrong second-factor code. The caller's transaction has locked the row.</summary>
    public Task RecordFailedCode(DbConnection db, string id, long now) =>
        db.ExecuteAsync("UPDATE developers SET failed_codes = failed_codes + 1, failed_code_at = @now WHERE id = @id", new { id, now });

    public Task SetRole(DbConnection db, string id, Role role) =>
        db.ExecuteAsync("UPDATE developers SET role = @role WHERE id = @id", new { id, role = role.ToName() });

    public Task SetStatus(DbConnection db, string id, string status) =>
        db.ExecuteAsync("UPDATE developers SET status = @status WHERE id = @id", new { id, status });

    public Task Delete(DbConnection db, string id) => db.ExecuteAsync("DELETE FROM developers WHERE id = @id", new { id });

    /// <summary>Whether another active operator exists. Locks the operators' rows, so that two cannot be removed concurrently.</summary>
    public async Task<bool> HasAnotherOperator(DbConnection db, string id)
    {
        var active = await db.QueryAsync<string>(
            $"SELECT id FROM developers WHERE role = 'operator' AND status = 'active' ORDER BY id {dialect.ForUpdate}"
        );
        return active.Any(one => one != id);
    }

    /// <summary>One page of all accounts, sorted by address.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="search">Part of an address or name; empty for all.</param>
    /// <param name="after">The last address of the previous page; empty for the first page.</param>
    /// <param name="limit">The maximum number of rows.</param>
    public async Task<IReadOnlyList<DeveloperSummary>> List(DbConnection db, string search, string after, int limit) =>
        [
            .. await db.QueryAsync<DeveloperSummary>(
                $"""
                SELECT d.id, d.email, d.name, d.role, d.status, d.last_login_at,
                  d.totp_seed_sealed IS NOT NULL OR d.passkey_count > 0 AS has_second_factor,
                  (SELECT COUNT(*) FROM members m WHERE m.developer_id = d.id) AS applications
                FROM developers d
                WHERE d.email_key > @after AND {Matches}
                ORDER BY d.email_key LIMIT @limit
                """,
                new
                {
                    after = Handle.KeyOf(after),
                    limit,
                    address = LikePattern.ContainingAddress(search),
                    name = LikePattern.Containing(search),
                    asTyped = LikePattern.ContainingCaseSensitive(search),
                }
            ),
        ];

    public Task<long> Count(DbConnection db, string search) =>
        db.QuerySingleAsync<long>(
            $"SELECT COUNT(*) FROM developers d WHERE {Matches}",
            new
            {
                address = LikePattern.ContainingAddress(search),
                name = LikePattern.Containing(search),
                asTyped = LikePattern.ContainingCaseSensitive(search),
            }
        );

    /// <summary>Replaces the setup link; only the newest is valid.</summary>
    public Task SetSetupLink(DbConnection db, string hash) =>
        db.ExecuteAsync(
            $"INSERT INTO installation (name, value) VALUES ('{SetupName}', @hash) ON CONFLICT (name) DO UPDATE SET value = @hash",
            new { hash }
        );

    public async Task<bool> IsSetupLink(DbConnection db, string hash) =>
        await db.QuerySingleOrDefaultAsync<int?>($"SELECT 1 FROM installation WHERE name = '{SetupName}' AND value = @hash", new { hash })
            is not null;

    /// <summary>Consumes the setup link; true once.</summary>
    public async Task<bool> TryConsumeSetupLink(DbConnection db, string hash) =>
        await db.ExecuteAsync($"DELETE FROM installation WHERE name = '{SetupName}' AND value = @hash", new { hash }) == 1;

    public Task RemoveSetupLink(DbConnection db) => db.ExecuteAsync($"DELETE FROM installation WHERE name = '{SetupName}'");
}
