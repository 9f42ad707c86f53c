using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Branding;

/// <summary>The table brandings: of each application the published versions, of which the highest is in use, and perhaps a draft.</summary>
public sealed class BrandStore
{
    private const string Columns = "version, settings, logo_width, logo_height, restored_from, actor, changed_at";

    /// <summary>The version in use; null before any was published.</summary>
    public static Task<BrandVersion?> FindPublished(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<BrandVersion>(
            $"SELECT {Columns} FROM brandings WHERE app_id = @appId AND version > 0 ORDER BY version DESC LIMIT 1",
            new { appId }
        );

    /// <summary>All published versions, the newest first, and then the draft.</summary>
    public async Task<IReadOnlyList<BrandVersion>> List(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<BrandVersion>(
                $"SELECT {Columns} FROM brandings WHERE app_id = @appId ORDER BY version DESC",
                new { appId }
            ),
        ];

    public Task<BrandVersion?> Find(DbConnection db, string appId, long version) =>
        db.QuerySingleOrDefaultAsync<BrandVersion>(
            $"SELECT {Columns} FROM brandings WHERE app_id = @appId AND version = @version",
            new { appId, version }
        );

    /// <summary>The logo of a version as PNG; null without one.</summary>
    public async Task<byte[]?> FindLogo(DbConnection db, string appId, long version) =>
        await db.QuerySingleOrDefaultAsync<string>(
            "SELECT logo FROM brandings WHERE app_id = @appId AND version = @version",
            new { appId, version }
        )
            is { Length: > 0 } text
            ? Convert.FromBase64String(text)
            : null;

    /// <summary>Writes the draft, in the place of an earlier one.</summary>
    /// <param name="logo">In base64; empty for none.</param>
    public Task SaveDraft(DbConnection db, string appId, BrandVersion draft, string logo) =>
        db.ExecuteAsync(
            """
            INSERT INTO brandings (app_id, version, settings, logo, logo_width, logo_height, restored_from, actor, changed_at)
            VALUES (@appId, 0, @Settings, @logo, @LogoWidth, @LogoHeight, NULL, @Actor, @ChangedAt)
            ON CONFLICT (app_id, version) DO UPDATE SET settings = @Settings, logo = @logo, logo_width = @LogoWidth,
              logo_height = @LogoHeight, actor = @Actor, changed_at = @ChangedAt
            """,
            new
            {
                appId,
                draft.Settings,
                logo,
                draft.LogoWidth,
                draft.LogoHeight,
                draft.Actor,
                draft.ChangedAt,
            }
        );

    /// <summary>Publishes what a version holds under the next number. The draft is gone then.</summary>
    public async Task Publish(DbConnection db, string appId, long from, BrandVersion next)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO brandings (app_id, version, settings, logo, logo_width, logo_height, restored_from, actor, changed_at)
            SELECT app_id, @Version, settings, logo, logo_width, logo_height, @RestoredFrom, @Actor, @ChangedAt
            FROM brandings WHERE app_id = @appId AND version = @from
            """,
            new
            {
                appId,
                from,
                next.Version,
                next.RestoredFrom,
                next.Actor,
                next.ChangedAt,
            }
        );
        await RemoveDraft(db, appId);
    }

    public Task<int> RemoveDraft(DbConnection db, string appId) =>
        db.ExecuteAsync("DELETE FROM brandings WHERE app_id = @appId AND version = 0", new { appId });

    /// <summary>Removes the oldest versions.</summary>
    /// <param name="before">Those below this number, but not the draft.</param>
    public Task RemoveOld(DbConnection db, string appId, long before) =>
        db.ExecuteAsync("DELETE FROM brandings WHERE app_id = @appId AND version > 0 AND version < @before", new { appId, before });
}
