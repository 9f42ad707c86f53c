using System.Data.Common;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>Reads what an authorization request depends on.</summary>
public sealed class AuthorizationStore
{
    private const int ClientStart = UserStore.ColumnCount + SessionStore.ColumnCount;
    private const int ConsentStart = ClientStart + ClientStore.ColumnCount;

    /// <summary>The client, the session with its user, what the user has allowed, and whether the request was used: in one query.</summary>
    /// <param name="sessionId">Empty for none.</param>
    /// <param name="requestKey">The key of a pushed request in <see cref="UsedTokenStore"/>; empty for none.</param>
    public Task<AuthorizationFacts?> Find(DbConnection db, string appId, string clientId, string sessionId, string requestKey) =>
        db.QueryRow(
            $"""
            SELECT {UserStore.Columns}, {SessionStore.Columns}, {ClientStore.Columns},
              k.scope, k.resources, k.created_at, k.updated_at, r.id
            FROM clients c
              LEFT JOIN sessions s ON s.app_id = c.app_id AND s.id = $3
              LEFT JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id
              LEFT JOIN consents k ON k.app_id = c.app_id AND k.user_id = s.user_id AND k.client_id = c.id
              LEFT JOIN used_tokens r ON r.app_id = c.app_id AND r.id = $4
            WHERE c.app_id = $1 AND c.id = $2
            """,
            row => Read(row, appId),
            appId,
            clientId,
            sessionId,
            requestKey
        );

    private static AuthorizationFacts Read(IRow row, string appId)
    {
        var user = row.IsNull(0) ? null : UserStore.Read(row);
        var client = ClientStore.Read(row, ClientStart, appId);
        return new AuthorizationFacts(
            client,
            user is null ? null : new SessionUser(user, SessionStore.ReadSession(row, UserStore.ColumnCount, user)),
            user is null || row.IsNull(ConsentStart) ? null : ReadConsent(row, user, client),
            !row.IsNull(ConsentStart + 4)
        );
    }

    private static Consent ReadConsent(IRow row, User user, Client client) =>
        new()
        {
            AppId = user.AppId,
            UserId = user.Id,
            ClientId = client.Id,
            Scope = row.GetString(ConsentStart),
            Resources = row.GetString(ConsentStart + 1),
            CreatedAt = row.GetInt64(ConsentStart + 2),
            UpdatedAt = row.GetInt64(ConsentStart + 3),
        };
}
