using System.Data.Common;
using Dapper;
using Latchkey.Activity.Usage;
using Latchkey.Applications.Members;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Reads lists of applications with the counts of the background job.</summary>
public sealed class ApplicationListStore(Dialect dialect)
{
    public async Task<IReadOnlyList<ApplicationSummary>> Page(
        DbConnection db,
        ApplicationQuery query,
        string? developerId,
        int month,
        int skip,
        int limit
    ) =>
        [
            .. await db.QueryAsync<ApplicationSummary>(
                $"""
                SELECT a.id, a.name, a.type, a.status, a.created_at, COALESCE(counted.users, 0) AS users, COALESCE(used.count,
                  0) AS active_users, member.role
                FROM applications a
                {(
                    developerId is null ? "LEFT" : "INNER"
                )} JOIN members member ON member.app_id = a.id AND member.developer_id = @developerId
                LEFT JOIN user_counts counted ON counted.app_id = a.id
                LEFT JOIN usage_days used ON used.app_id = a.id AND used.day = @month AND used.kind = '{UsageKind.ActiveMonth}'
                WHERE a.erasing <> '{DeletionState.Delete}'
                  AND (@search = '' OR lower(a.name) LIKE @pattern ESCAPE '\' OR a.name LIKE @asTyped ESCAPE '\'
                    OR a.id LIKE @prefix ESCAPE '\'
                    OR @ofOwners AND EXISTS (SELECT 1 FROM members m JOIN developers d ON d.id = m.developer_id
                      WHERE m.app_id = a.id AND m.role = 'owner' AND d.email LIKE @address ESCAPE '\'))
                  AND (@status = '' OR a.status = @status) AND (@type = '' OR a.type = @type)
                ORDER BY {Order(query.Sort)}, a.id
                LIMIT @limit OFFSET @skip
                """,
                new
                {
                    search = query.Search,
                    status = query.Status,
                    type = query.Type,
                    ofOwners = developerId is null,
                    developerId,
                    month,
                    skip,
                    limit,
                    pattern = LikePattern.Containing(query.Search),
                    address = LikePattern.ContainingAddress(query.Search),
                    asTyped = LikePattern.ContainingCaseSensitive(query.Search),
                    prefix = LikePattern.StartingWith(query.Search),
                }
            ),
        ];

    /// <summary>Applications by name, those whose name begins with the search before those that contain it.</summary>
    /// <param name="search">Part of a name, or the beginning of an id; empty for all.</param>
    /// <param name="developerId">Lists this developer's applications; null for all.</param>
    public async Task<IReadOnlyList<ApplicationName>> Names(DbConnection db, string search, string? developerId, int limit) =>
        [
            .. await db.QueryAsync<ApplicationName>(
                $"""
                SELECT a.id, a.name, a.status FROM applications a {Of(developerId)}
                WHERE a.erasing <> '{DeletionState.Delete}' AND (@search = '' OR lower(a.name) LIKE @pattern ESCAPE '\'
                  OR a.name LIKE @asTyped ESCAPE '\' OR a.id LIKE @prefix ESCAPE '\')
                ORDER BY CASE WHEN lower(a.name) LIKE @prefix ESCAPE '\' THEN 0 ELSE 1 END, lower(a.name), a.id
                LIMIT @limit
                """,
                new
                {
                    search,
                    developerId,
                    limit,
                    pattern = LikePattern.Containing(search),
                    asTyped = LikePattern.ContainingCaseSensitive(search),
                    prefix = LikePattern.StartingWith(search),
                }
            ),
        ];

    /// <summary>Those of these ids that are there, and that the developer may see (null for all).</summary>
    public async Task<IReadOnlyList<ApplicationName>> Names(DbConnection db, IReadOnlyCollection<string> ids, string? developerId) =>
        [
            .. await db.QueryAsync<ApplicationName>(
                $"""
                SELECT a.id, a.name, a.status FROM applications a {Of(developerId)}
                WHERE a.erasing <> '{DeletionState.Delete}' AND a.id {dialect.InArray("ids")}
                """,
                new { ids = ids.ToArray(), developerId }
            ),
        ];

    private static string Of(string? developerId) =>
        developerId is null ? "" : "JOIN members member ON member.app_id = a.id AND member.developer_id = @developerId";

    /// <summary>The addresses of the applications' owners.</summary>
    public async Task<ILookup<string, string>> Owners(DbConnection db, string[] appIds) =>
        (
            await db.QueryAsync<(string AppId, string Email)>(
                $"SELECT m.app_id, d.email FROM members m JOIN developers d ON d.id = m.developer_id WHERE m.role = 'owner' "
                    + $"AND m.app_id {dialect.InArray("appIds")} ORDER BY d.email",
                new { appIds }
            )
        ).ToLookup(owner => owner.AppId, owner => owner.Email, StringComparer.Ordinal);

    private static string Order(string sort) =>
        sort switch
        {
            ApplicationSort.Newest => "a.created_at DESC",
            ApplicationSort.Users => "COALESCE(counted.users, 0) DESC, lower(a.name)",
            ApplicationSort.Active => "COALESCE(used.count, 0) DESC, lower(a.name)",
            ApplicationSort.Status => "a.status, lower(a.name)",
            _ => "lower(a.name)",
        };
}
