using System.Data.Common;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Users.Registration;

/// <summary>What is kept about an address that may belong to no user: signups, login codes and invitations. For their erasure.</summary>
public sealed class PendingRequests(SignupStore signups, LoginCodeStore loginCodes, InvitationStore invitations)
{
    public async Task DeleteByHandle(DbConnection db, string appId, string handle)
    {
        await signups.DeleteByHandle(db, appId, handle);
        await loginCodes.DeleteByHandle(db, appId, handle);
        await invitations.DeleteByHandle(db, appId, handle);
    }

    /// <summary>Deletes up to <paramref name="limit"/> rows of one application. Returns how many; 0 when none is left.</summary>
    public async Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        await signups.RemoveBatch(db, appId, limit) is > 0 and var removedSignups ? removedSignups
        : await loginCodes.RemoveBatch(db, appId, limit) is > 0 and var removedCodes ? removedCodes
        : await invitations.RemoveBatch(db, appId, limit);
}
