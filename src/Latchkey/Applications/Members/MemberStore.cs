using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Members;

/// <summary>The table members: the developers of each application. Operators have access to all applications without a row.</summary>
public sealed class MemberStore(Dialect dialect)
{
    private const string ActiveOwners =
        "FROM members o JOIN developers d ON d.id = o.developer_id AND d.status = 'active' WHERE o.role = 'owner'";

    /// <summary>The developer's role; none without a membership.</summary>
    public async Task<Role> Role(DbConnection db, string appId, string developerId) =>
        MemberRoles.Parse(
            await db.QuerySingleOrDefaultAsync<string>(
                "SELECT role FROM members WHERE app_id = @appId AND developer_id = @developerId",
                new { appId, developerId }
            )
        );

    /// <summary>Adds a member, or changes an existing member's role.</summary>
    public Task Set(DbConnection db, string appId, string developerId, Role role, long now) =>
        db.ExecuteAsync(
            """
            INSERT INTO members (app_id, developer_id, role, added_at) VALUES (@appId, @developerId, @role, @now)
            ON CONFLICT (app_id, developer_id) DO UPDATE SET role = excluded.role
            """,
            new
            {
                appId,
                developerId,
                role = role.ToName(),
                now,
            }
        );

    /// <summary>Adds a member; false without a change when the developer is a member already.</summary>
    public async Task<bool> Add(DbConnection db, string appId, string developerId, Role role, long now) =>
        await db.ExecuteAsync(
            "INSERT INTO members (app_id, developer_id, role, added_at) VALUES (@appId, @developerId, @role, @now) ON CONFLICT "
                + "(app_id, developer_id) DO NOTHING",
            new
            {
                appId,
                developerId,
                role = role.ToName(),
                now,
            }
        ) == 1;

    /// <summary>The id of the developer who has been an owner longest; null without owners.</summary>
    public Task<string?> FirstOwner(DbConnection db, string appId) =>
        db.QueryFirstOrDefaultAsync<string>(
            "SELECT developer_id FROM members WHERE app_id = @appId AND role = 'owner' ORDER BY added_at, developer_id LIMIT 1",
            new { appId }
        );

    /// <summary>The members of an application, owners first, then by address.</summary>
    public async Task<IReadOnlyList<Member>> ListByApplication(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<Member>(
                """
                SELECT m.developer_id, d.email, d.name, d.status, m.role, m.added_at, d.last_login_at
                FROM members m JOIN developers d ON d.id = m.developer_id WHERE m.app_id = @appId
                ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'editor' THEN 1 ELSE 2 END, d.email
                """,
                new { appId }
            ),
        ];

    /// <summary>Whether the application has another owner who can sign in.</summary>
    public async Task<bool> HasAnotherOwner(DbConnection db, string appId, string developerId) =>
        await db.QueryFirstOrDefaultAsync<int?>(
            $"SELECT 1 {ActiveOwners} AND o.app_id = @appId AND o.developer_id <> @developerId",
            new { appId, developerId }
        )
            is not null;

    /// <summary>Whether the developer is a member of any application.</summary>
    public async Task<bool> IsMemberOfAny(DbConnection db, string developerId) =>
        await db.QueryFirstOrDefaultAsync<int?>("SELECT 1 FROM members WHERE developer_id = @developerId LIMIT 1", new { developerId })
            is not null;

    /// <summary>The applications of a developer, by name.</summary>
    public async Task<IReadOnlyList<Membership>> ListByDeveloper(DbConnection db, string developerId) =>
        [
            .. await db.QueryAsync<Membership>(
                $"""
                SELECT a.id AS app_id, a.name, a.status, m.role, m.role = 'owner' AND NOT EXISTS
                  (SELECT 1 {ActiveOwners} AND o.app_id = m.app_id AND o.developer_id <> m.developer_id) AS is_only_owner
                FROM members m JOIN applications a ON a.id = m.app_id WHERE m.developer_id = @developerId ORDER BY lower(a.name), a.id
                """,
                new { developerId }
            ),
        ];

    /// <summary>Locks the rows of the applications that a developer owns, so that no other owner can leave concurrently.</summary>
    public Task LockOwnedApplications(DbConnection db, string developerId) =>
        db.QueryAsync<string>(
            "SELECT id FROM applications WHERE id IN (SELECT app_id FROM members WHERE developer_id = @developerId AND role = "
                + $"'owner') ORDER BY id {dialect.ForUpdate}",
            new { developerId }
        );

    public Task Remove(DbConnection db, string appId, string developerId) =>
        db.ExecuteAsync("DELETE FROM members WHERE app_id = @appId AND developer_id = @developerId", new { appId, developerId });
}
