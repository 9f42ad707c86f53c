using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Users;

/// <summary>
/// Erases a person from an application. Every way in which a user is deleted ends here. Gone: the user with sessions and codes, signups,
/// requests for login codes, invitations to the address, and all messages to it, sent or not. Log entries stay, without the person: the
/// user's id takes the place of the handle, and the client's address and the details are removed.
/// </summary>
public sealed class UserErasure(
    UserStore users,
    SessionStore sessions,
    UserCodeStore codes,
    PendingRequests pending,
    MessageStore messages,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>Erases a user, as part of the caller's transaction; false if the user was gone already.</summary>
    public async Task<bool> Erase(DbConnection db, User user)
    {
        var numbers = await codes.ListPhoneNumbers(db, user.AppId, user.Id);
        await sessions.EndAll(db, user.AppId, user.Id, new SessionEnd(SessionEndReason.Operator, "", clock.Now())); // clients are told
        var existed = await users.Delete(db, user.AppId, user.Id);
        await EraseTraces(db, user.AppId, user.Id, [user.Handle, user.UserName, user.Phone, .. numbers]);
        return existed;
    }

    /// <summary>Erases what is kept about an address that belongs to no user, as part of the caller's transaction.</summary>
    public Task EraseAddress(DbConnection db, string appId, string handle) => EraseTraces(db, appId, "", [handle]);

    private async Task EraseTraces(DbConnection db, string appId, string userId, string?[] names)
    {
        foreach (
            var name in names
                .OfType<string>()
                .SelectMany(Handle.SpellingsOf)
                .Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal)
        )
        {
            await pending.DeleteByHandle(db, appId, name);
            await messages.DeleteByRecipient(db, appId, name);
            await audit.Anonymize(db, appId, name, userId);
        }
    }
}
