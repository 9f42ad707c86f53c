using System.Data.Common;
using Dapper;

namespace Latchkey.Applications;

/// <summary>The table template_versions: what was saved as an application's own template, to compare and to go back to.</summary>
public sealed class TemplateVersionStore
{
    /// <summary>The versions of one template without their texts, the newest first.</summary>
    public async Task<IReadOnlyList<TemplateVersion>> List(DbConnection db, string appId, string locale, string kind) =>
        [
            .. await db.QueryAsync<TemplateVersion>(
                "SELECT version, restored_from, actor, saved_at FROM template_versions "
                    + "WHERE app_id = @appId AND locale = @locale AND kind = @kind ORDER BY version DESC",
                new
                {
                    appId,
                    locale,
                    kind,
                }
            ),
        ];

    public Task<TemplateVersion?> Find(DbConnection db, string appId, string locale, string kind, long version) =>
        db.QuerySingleOrDefaultAsync<TemplateVersion>(
            "SELECT version, subject, reply_to, html, link_text, restored_from, actor, saved_at FROM template_versions "
                + "WHERE app_id = @appId AND locale = @locale AND kind = @kind AND version = @version",
            new
            {
                appId,
                locale,
                kind,
                version,
            }
        );

    /// <summary>Keeps a template under the next number, and of the older versions only the newest.</summary>
    /// <param name="kept">How many versions there are at most.</param>
    public Task Add(DbConnection db, TemplateRow template, string actor, long? restoredFrom, int kept) =>
        db.ExecuteAsync(
            """
            INSERT INTO template_versions
              (app_id, locale, kind, version, subject, reply_to, html, link_text, restored_from, actor, saved_at)
            SELECT @AppId, @Locale, @Kind, COALESCE(MAX(version), 0) + 1, @Subject, @ReplyTo, @Html, @LinkText, @restoredFrom, @actor,
              @UpdatedAt
            FROM template_versions WHERE app_id = @AppId AND locale = @Locale AND kind = @Kind;
            DELETE FROM template_versions WHERE app_id = @AppId AND locale = @Locale AND kind = @Kind AND version <=
              (SELECT MAX(version) FROM template_versions WHERE app_id = @AppId AND locale = @Locale AND kind = @Kind) - @kept
            """,
            new
            {
                template.AppId,
                template.Locale,
                template.Kind,
                template.Subject,
                template.ReplyTo,
                template.Html,
                template.LinkText,
                template.UpdatedAt,
                restoredFrom,
                actor,
                kept,
            }
        );
}
