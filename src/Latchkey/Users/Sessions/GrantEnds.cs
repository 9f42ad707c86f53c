using System.Data.Common;

namespace Latchkey.Users.Sessions;

/// <summary>Ends grants of clients, and with them the sessions that are theirs alone.</summary>
public sealed class GrantEnds(SessionGrantStore grants, OwnedSessionStore owned)
{
    /// <summary>Ends a grant; false when it had ended already or there is none.</summary>
    public async Task<bool> End(DbConnection db, string appId, string grantId, SessionEnd end)
    {
        var isFirst = await grants.End(db, appId, grantId, end.At);
        if (isFirst)
        {
            await owned.EndOfGrant(db, appId, grantId, end);
        }

        return isFirst;
    }

    /// <summary>Ends all grants of a client that a user has; false when there was none. Call it with the user's row locked.</summary>
    public async Task<bool> EndOfUser(DbConnection db, string appId, string userId, string clientId, SessionEnd end)
    {
        await owned.EndOfUser(db, appId, userId, clientId, end);
        return await grants.EndOfClient(db, appId, userId, clientId, end.At) > 0;
    }
}
