using System.Data.Common;
using Dapper;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;

namespace Latchkey.Accounts;

/// <summary>The table developer_invitations: one row per address and application. A newer invitation replaces the row.</summary>
public sealed class DeveloperInvitationStore
{
    /// <summary>Also matches the address: rows of an older version have no inviter id, or that of a replaced invitation.</summary>
    private const string IsBy = "(inviter_id = @Id OR invited_by = @Email)";

    private const string Selected =
        "SELECT i.id, i.token_hash, i.email, i.app_id, a.name AS app_name, i.role, i.invited_by, i.created_at, i.expires_at FROM "
        + "developer_invitations i LEFT JOIN applications a ON a.id = i.app_id";

    public Task Upsert(DbConnection db, DeveloperInvitation invitation) =>
        db.ExecuteAsync(
            """
            INSERT INTO developer_invitations (id, token_hash, email, email_key, app_id, role, invited_by, inviter_id, created_at,
              expires_at)
            VALUES (@Id, @TokenHash, @Email, @EmailKey, @AppId, @Role, @InvitedBy, @InviterId, @CreatedAt, @ExpiresAt)
            ON CONFLICT ((COALESCE(app_id, '')), email_key) DO UPDATE SET
              id = excluded.id, email = excluded.email, token_hash = excluded.token_hash, role = excluded.role,
              invited_by = excluded.invited_by, inviter_id = excluded.inviter_id, created_at = excluded.created_at,
              expires_at = excluded.expires_at
            """,
            new
            {
                invitation.Id,
                invitation.TokenHash,
                invitation.Email,
                EmailKey = Handle.KeyOf(invitation.Email),
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

    /// <summary>Consumes the invitation; true once.</summary>
    public async Task<bool> TryConsume(DbConnection db, string tokenHash, string email, long now) =>
        await db.ExecuteAsync(
            "DELETE FROM developer_invitations WHERE token_hash = @tokenHash AND email_key = @key AND expires_at > @now",
            new
            {
                tokenHash,
                key = Handle.KeyOf(email),
                now,
            }
        ) == 1;

    /// <summary>Pending invitations of an application, newest first.</summary>
    public async Task<IReadOnlyList<DeveloperInvitation>> ListByApplication(DbConnection db, string appId, long now) =>
        [
            .. await db.QueryAsync<DeveloperInvitation>(
                $"{Selected} WHERE COALESCE(i.app_id, '') = @appId AND i.expires_at > @now ORDER BY i.created_at DESC, i.id DESC",
                new { appId, now }
            ),
        ];

    /// <summary>Pending invitations of the installation, newest first.</summary>
    public Task<IReadOnlyList<DeveloperInvitation>> ListForInstallation(DbConnection db, long now) => ListByApplication(db, "", now);

    /// <summary>
    /// Deletes the invitation and returns its address; null when it does not belong to this application (or, for null, to the
    /// installation).
    /// </summary>
    public Task<string?> Revoke(DbConnection db, string? appId, string id) =>
        db.QuerySingleOrDefaultAsync<string>(
            "DELETE FROM developer_invitations WHERE COALESCE(app_id, '') = @scope AND id = @id RETURNING email",
            new { scope = appId ?? "", id }
        );

    /// <summary>Revokes the inviter's invitations to this application, after losing the right to invite.</summary>
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

    /// <summary>Revokes all invitations of an account that may no longer invite or was possibly compromised.</summary>
    public Task RevokeAllBy(DbConnection db, Developer inviter) =>
        db.ExecuteAsync($"DELETE FROM developer_invitations WHERE {IsBy}", new { inviter.Id, inviter.Email });

    /// <summary>Revokes the invitations sent as an operator, except those to applications the account owns.</summary>
    public Task RevokeByOperator(DbConnection db, Developer inviter) =>
        db.ExecuteAsync(
            $"DELETE FROM developer_invitations WHERE {IsBy} AND (app_id IS NULL OR app_id NOT IN (SELECT app_id FROM members "
                + $"WHERE developer_id = @Id AND role = 'owner'))",
            new { inviter.Id, inviter.Email }
        );

    public Task RemoveExpired(DbConnection db, long now) =>
        db.ExecuteAsync("DELETE FROM developer_invitations WHERE expires_at < @now", new { now });
}
