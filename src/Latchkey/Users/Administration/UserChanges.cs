using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Users.Administration;

/// <summary>A change of a user by someone who looks after it: one transaction with its line in the log.</summary>
public sealed class UserChanges(Database database, MessageOutbox outbox, AuditStore audit)
{
    public Task<Result<Done>> Apply(User user, string action, Actor actor, Func<DbConnection, Task> change) =>
        Apply(
            user,
            action,
            actor,
            async db =>
            {
                await change(db);
                return (Result<Done>)default(Done);
            }
        );

    /// <summary>As the other; what is refused is rolled back and not logged.</summary>
    public async Task<Result<Done>> Apply(User user, string action, Actor actor, Func<DbConnection, Task<Result<Done>>> change)
    {
        var changed = await database.Write(async db =>
        {
            var result = await change(db);
            if (result.Succeeded)
            {
                await audit.Add(db, new AuditEntry(user.AppId, action, user.Handle, actor));
            }

            return result;
        });
        outbox.Wake();
        return changed;
    }
}
