using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Latchkey.Tokens;

namespace Latchkey.Applications;

/// <summary>The tables applications, app_tokens, app_secrets and signing_keys.</summary>
public sealed class ApplicationStore(Dialect dialect)
{
    private const string Columns = "id, name, type, status, settings, revision, created_at, updated_at";

    public Task<ApplicationRow?> Find(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<ApplicationRow>($"SELECT {Columns} FROM applications WHERE id = @appId", new { appId });

    public Task<ApplicationRow?> FindForUpdate(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<ApplicationRow>($"SELECT {Columns} FROM applications WHERE id = @appId {dialect.ForUpdate}", new { appId });

    public async Task<IReadOnlyList<ApplicationRow>> All(DbConnection db) =>
        [.. await db.QueryAsync<ApplicationRow>($"SELECT {Columns} FROM applications ORDER BY id")];

    public async Task<IReadOnlyList<ApplicationSummary>> List(DbConnection db, string search, long activeSince) =>
        [.. await db.QueryAsync<ApplicationSummary>(
            $"""
            SELECT {Columns},
              (SELECT COUNT(*) FROM users u WHERE u.app_id = a.id) AS users,
              (SELECT COUNT(*) FROM users u WHERE u.app_id = a.id AND u.last_login_at >= @activeSince) AS active_users
            FROM applications a
            WHERE lower(name) LIKE @pattern ESCAPE '\' OR id = @search
            ORDER BY lower(name), id
            """,
            new { search, activeSince, pattern = Like.Containing(search) })];

    public async Task Insert(DbConnection db, ApplicationRow row)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO applications (id, name, type, status, settings, revision, created_at, updated_at)
            VALUES (@Id, @Name, @Type, @Status, @Settings, @Revision, @CreatedAt, @UpdatedAt)
            """,
            row);
        await dialect.AnnounceChange(db, row.Id);
    }

    public async Task Update(DbConnection db, ApplicationRow row)
    {
        await db.ExecuteAsync(
            """
            UPDATE applications SET name = @Name, type = @Type, status = @Status, settings = @Settings, revision = @Revision, updated_at = @UpdatedAt
            WHERE id = @Id
            """,
            row);
        await dialect.AnnounceChange(db, row.Id);
    }

    /// <summary>Deletes the application and, by cascade, all that belongs to it; false when there is none.</summary>
    public async Task<bool> Delete(DbConnection db, string appId)
    {
        await dialect.AnnounceChange(db, appId);
        return await db.ExecuteAsync("DELETE FROM applications WHERE id = @appId", new { appId }) == 1;
    }

    public Task InsertAppToken(DbConnection db, AppToken token) =>
        db.ExecuteAsync("INSERT INTO app_tokens (id, app_id, issued_at) VALUES (@Id, @AppId, @IssuedAt)", token);

    /// <summary>The App Token handed out last.</summary>
    public Task<AppTokenRow?> NewestAppToken(DbConnection db, string appId) =>
        db.QueryFirstOrDefaultAsync<AppTokenRow>(
            "SELECT id, app_id, issued_at FROM app_tokens WHERE app_id = @appId AND expires_at IS NULL ORDER BY issued_at DESC, id DESC LIMIT 1",
            new { appId });

    public async Task<IReadOnlyList<Credential>> AppTokens(DbConnection db, string appId) =>
        [.. await db.QueryAsync<Credential>("SELECT id, expires_at FROM app_tokens WHERE app_id = @appId", new { appId })];

    public Task InsertAppSecret(DbConnection db, string appId, string hash, long now) =>
        db.ExecuteAsync("INSERT INTO app_secrets (hash, app_id, created_at) VALUES (@hash, @appId, @now)", new { hash, appId, now });

    public async Task<IReadOnlyList<Credential>> AppSecrets(DbConnection db, string appId) =>
        [.. await db.QueryAsync<Credential>("SELECT hash AS id, expires_at FROM app_secrets WHERE app_id = @appId", new { appId })];

    public Task<string?> FindAppBySecret(DbConnection db, string hash) =>
        db.QuerySingleOrDefaultAsync<string>("SELECT app_id FROM app_secrets WHERE hash = @hash", new { hash });

    public async Task<IReadOnlyList<TemplateRow>> Templates(DbConnection db, string appId) =>
        [.. await db.QueryAsync<TemplateRow>("SELECT app_id, locale, kind, subject, reply_to, html, link_text, updated_at FROM templates WHERE app_id = @appId", new { appId })];

    public async Task SaveTemplate(DbConnection db, TemplateRow template)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO templates (app_id, locale, kind, subject, reply_to, html, link_text, updated_at)
            VALUES (@AppId, @Locale, @Kind, @Subject, @ReplyTo, @Html, @LinkText, @UpdatedAt)
            ON CONFLICT (app_id, locale, kind) DO UPDATE SET
              subject = excluded.subject, reply_to = excluded.reply_to, html = excluded.html, link_text = excluded.link_text, updated_at = excluded.updated_at
            """,
            template);
        await dialect.AnnounceChange(db, template.AppId);
    }

    /// <summary>Goes back to the built-in text; false when there was no other.</summary>
    public async Task<bool> DeleteTemplate(DbConnection db, string appId, string locale, string kind)
    {
        await dialect.AnnounceChange(db, appId);
        return await db.ExecuteAsync("DELETE FROM templates WHERE app_id = @appId AND locale = @locale AND kind = @kind", new { appId, locale, kind }) == 1;
    }

    public Task InsertSigningKey(DbConnection db, SigningKeyRow key) =>
        db.ExecuteAsync(
            """
            INSERT INTO signing_keys (id, app_id, algorithm, state, public_key, private_key_sealed, created_at)
            VALUES (@Id, @AppId, @Algorithm, @State, @PublicKey, @PrivateKeySealed, @CreatedAt)
            """,
            key);

    public async Task<IReadOnlyList<SigningKeyRow>> SigningKeys(DbConnection db, string appId) =>
        [.. await db.QueryAsync<SigningKeyRow>(
            "SELECT id, app_id, algorithm, state, public_key, private_key_sealed, created_at FROM signing_keys WHERE app_id = @appId ORDER BY created_at DESC, id DESC",
            new { appId })];
}

/// <summary>An application in a list, with its numbers of users.</summary>
public sealed record ApplicationSummary
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public long Users { get; init; }

    /// <summary>Users who logged in during the last 30 days.</summary>
    public long ActiveUsers { get; init; }

    public long CreatedAt { get; init; }
}

public sealed record AppTokenRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public long IssuedAt { get; init; }
}
