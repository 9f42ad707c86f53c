using System.Data.Common;
using Dapper;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;

namespace Latchkey.Accounts;

/// <summary>The table developer_invitations: one row for an address and an application; the newest invitation counts.</summary>
public sealed class DeveloperInvitationStore
{
    /// <summary>By the address too: rows that an older program wrote have no id, or keep that of the invitation they replace.</summary>
    private const string IsBy = "(inviter_id = @Id OR invited_by = @Email)";

    private const string Selected =
        "SELECT i.id, i.token_hash, i.email, i.app_id, a.name AS app_name, i.role, i.invited_by, i.created_at, i.expires_at FROM "
        + "developer_invitations i LEFT JOIN applications a ON a.id = i.app_id";

    public Task Upsert(DbConnection db, DeveloperInvitation invitation) =>
        db.ExecuteAsync(
            """
            INSERT INTO developer_invitations (id, token_hash, email, app_id, role, invited_by, inviter_id, created_at, expires_at)
            VALUES (@Id, @TokenHash, @Email, @AppId, @Role, @InvitedBy, @InviterId, @CreatedAt, @ExpiresAt)
            ON CONFLICT ((COALESCE(app_id, '')), email) DO UPDATE SET
              id = excluded.id, token_hash = excluded.token_hash, role = excluded.role, invited_by = excluded.invited_by,
              inviter_id = excluded.inviter_id, created_at = excluded.created_at, expires_at = excluded.expires_at
            """,
            new
            {
                invitation.Id,
                invitation.TokenHash,
                invitation.Email,
                invitation.AppId,
                Role = invitation.Role == Role.None ? null : invitation.Role.ToName(),
                invitation.InvitedBy,
                invitation.InviterId,
                invitation.CreatedAt,
                invitation.ExpiresAt,
            }
        );

    public Task<DeveloperInvitation?> Find(DbConnection db, string tokenHash, long now) =>
        db.QuerySingleOrDefaultAsync<DeveloperInvitation>(
            $"{Selected} WHERE i.token_hash = @tokenHash AND i.expires_at > @now",
            new { tokenHash, now }
        );

    /// <summary>Uses the invitation up; true once.</summary>
    public async Task<bool> TryConsume(DbConnection db, string tokenHash, string email, long now) =>
        await db.ExecuteAsync(
            "DELETE FROM developer_invitations WHERE token_hash = @tokenHash AND email = @email AND expires_at > @now",
            new
            {
                tokenHash,
                email,
                now,
            }
        ) == 1;

    /// <summary>What is pending for an application, newest first.</summary>
    public async Task<IReadOnlyList<DeveloperInvitation>> ListByApplication(DbConnection db, string appId, long now) =>
        [
            .. await db.QueryAsync<DeveloperInvitation>(
                $"{Selected} WHERE COALESCE(i.app_id, '') = @appId AND i.expires_at > @now ORDER BY i.created_at DESC, i.id DESC",
                new { appId, now }
            ),
        ];

    /// <summary>What is pending for the installation, newest first.</summary>
    public Task<IReadOnlyList<DeveloperInvitation>> ListForInstallation(DbConnection db, long now) => ListByApplication(db, "", now);

    /// <summary>The address it had gone to; null when it is none of this application's (or of the installation's, for null).</summary>
    public Task<string?> Revoke(DbConnection db, string? appId, string id) =>
        db.QuerySingleOrDefaultAsync<string>(
            "DELETE FROM developer_invitations WHERE COALESCE(app_id, '') = @scope AND id = @id RETURNING email",
            new { scope = appId ?? "", id }
        );

    /// <summary>Revokes what somebody sent who may invite to this application no longer.</summary>
    public Task RevokeBy(DbConnection db, string appId, Developer inviter) =>
        db.ExecuteAsync(
            $"DELETE FROM developer_invitations WHERE COALESCE(app_id, '') = @appId AND {IsBy}",
            new
            {
                appId,
                inviter.Id,
                inviter.Email,
            }
        );

    /// <summary>Revokes all that somebody sent who may invite nobody any more, or perhaps never meant to.</summary>
    public Task RevokeAllBy(DbConnection db, Developer inviter) =>
        db.ExecuteAsync($"DELETE FROM developer_invitations WHERE {IsBy}", new { inviter.Id, inviter.Email });

    /// <summary>Revokes what somebody sent as an operator: all but invitations to what they own.</summary>
    public Task RevokeByOperator(DbConnection db, Developer inviter) =>
        db.ExecuteAsync(
            $"DELETE FROM developer_invitations WHERE {IsBy} AND (app_id IS NULL OR app_id NOT IN (SELECT app_id FROM members "
                + $"WHERE developer_id = @Id AND role = 'owner'))",
            new { inviter.Id, inviter.Email }
        );

    public Task RemoveExpired(DbConnection db, long now) =>
        db.ExecuteAsync("DELETE FROM developer_invitations WHERE expires_at < @now", new { now });
}
