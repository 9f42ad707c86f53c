using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>The tables applications and templates.</summary>
public sealed class ApplicationStore(Dialect dialect, MeteringStore metering)
{
    private const string Columns = "id, name, type, status, settings, revision, erasing, created_at, updated_at";
    private const string NotDeleted = $"erasing <> '{DeletionState.Delete}'";

    public Task<ApplicationRow?> Find(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<ApplicationRow>(
            $"SELECT {Columns} FROM applications WHERE id = @appId AND {NotDeleted}",
            new { appId }
        );

    public Task<ApplicationRow?> FindForUpdate(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<ApplicationRow>(
            $"SELECT {Columns} FROM applications WHERE id = @appId AND {NotDeleted} {dialect.ForUpdate}",
            new { appId }
        );

    public async Task<IReadOnlyList<ApplicationRow>> All(DbConnection db) =>
        [.. await db.QueryAsync<ApplicationRow>($"SELECT {Columns} FROM applications WHERE {NotDeleted} ORDER BY id")];

    public async Task Insert(DbConnection db, ApplicationRow row)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO applications (id, name, type, status, settings, revision, created_at, updated_at)
            VALUES (@Id, @Name, @Type, @Status, @Settings, @Revision, @CreatedAt, @UpdatedAt)
            """,
            row
        );
        await metering.RecordState(db, row.Id, row.Name, row.Type, row.Status, row.CreatedAt);
        await dialect.AnnounceChange(db, row.Id);
    }

    public async Task Update(DbConnection db, ApplicationRow row)
    {
        await db.ExecuteAsync(
            """
            UPDATE applications SET name = @Name, type = @Type, status = @Status, settings = @Settings, revision = @Revision,
              updated_at = @UpdatedAt
            WHERE id = @Id
            """,
            row
        );
        await metering.RecordState(db, row.Id, row.Name, row.Type, row.Status, row.UpdatedAt);
        await dialect.AnnounceChange(db, row.Id);
    }

    /// <summary>Marks the application while its users, or all its data, are deleted; empty afterwards.</summary>
    public async Task SetDeletionState(DbConnection db, string appId, string erasing)
    {
        await db.ExecuteAsync(
            "UPDATE applications SET erasing = @erasing, revision = revision + 1 WHERE id = @appId",
            new { appId, erasing }
        );
        if (erasing == DeletionState.Delete)
        {
            await metering.RecordDeletion(db, appId);
        }

        await dialect.AnnounceChange(db, appId);
    }

    /// <summary>The application's mark, also while it is deleted; null when no row is left.</summary>
    public Task<string?> FindDeletionState(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<string>($"SELECT erasing FROM applications WHERE id = @appId {dialect.ForUpdate}", new { appId });

    /// <summary>Deletes the application and, by cascade, its rows in other tables; false when there is none.</summary>
    public async Task<bool> Delete(DbConnection db, string appId)
    {
        await metering.RecordDeletion(db, appId);
        await dialect.AnnounceChange(db, appId);
        await dialect.AnnounceChange(db, Dialect.Domains);
        return await db.ExecuteAsync("DELETE FROM applications WHERE id = @appId", new { appId }) == 1;
    }

    public async Task<IReadOnlyList<TemplateRow>> Templates(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<TemplateRow>(
                "SELECT app_id, locale, kind, subject, reply_to, html, link_text, updated_at FROM templates WHERE app_id = @appId",
                new { appId }
            ),
        ];

    public Task<TemplateRow?> Template(DbConnection db, string appId, string locale, string kind) =>
        db.QuerySingleOrDefaultAsync<TemplateRow>(
            "SELECT app_id, locale, kind, subject, reply_to, html, link_text, updated_at FROM templates WHERE app_id = @appId "
                + "AND locale = @locale AND kind = @kind",
            new
            {
                appId,
                locale,
                kind,
            }
        );

    /// <summary>Templates without their texts.</summary>
    public async Task<IReadOnlyList<TemplateRow>> TemplateVersions(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<TemplateRow>(
                "SELECT app_id, locale, kind, updated_at FROM templates WHERE app_id = @appId ORDER BY locale, kind",
                new { appId }
            ),
        ];

    public async Task SaveTemplate(DbConnection db, TemplateRow template)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO templates (app_id, locale, kind, subject, reply_to, html, link_text, updated_at)
            VALUES (@AppId, @Locale, @Kind, @Subject, @ReplyTo, @Html, @LinkText, @UpdatedAt)
            ON CONFLICT (app_id, locale, kind) DO UPDATE SET
              subject = excluded.subject, reply_to = excluded.reply_to, html = excluded.html,
              link_text = excluded.link_text, updated_at = excluded.updated_at
            """,
            template
        );
        await dialect.AnnounceChange(db, template.AppId);
    }

    /// <summary>Deletes the own template, which restores the built-in one; false when there was none.</summary>
    public async Task<bool> DeleteTemplate(DbConnection db, string appId, string locale, string kind)
    {
        await dialect.AnnounceChange(db, appId);
        return await db.ExecuteAsync(
                "DELETE FROM templates WHERE app_id = @appId AND locale = @locale AND kind = @kind",
                new
                {
                    appId,
                    locale,
                    kind,
                }
            ) == 1;
    }

    /// <summary>
    /// Counts each user's passkeys anew, after the application's relying party has changed: those of another one no longer work.
    /// </summary>
    public Task RecountPasskeys(DbConnection db, string appId, string rpId) =>
        db.ExecuteAsync(
            """
            UPDATE users SET passkey_count = (
              SELECT COUNT(*) FROM passkeys p WHERE p.app_id = @appId AND p.user_id = users.id AND p.rp_id = @rpId)
            WHERE app_id = @appId AND id IN (SELECT user_id FROM passkeys WHERE app_id = @appId)
            """,
            new { appId, rpId }
        );
}
