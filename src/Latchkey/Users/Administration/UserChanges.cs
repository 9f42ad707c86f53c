using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Users.Administration;

/// <summary>Applies an administrative change of a user and its log entry in one transaction.</summary>
public sealed class UserChanges(Database database, MessageOutbox outbox, AuditStore audit)
{
    public Task<Result<Done>> Apply(
        User user,
        string action,
        Actor actor,
        Func<DbConnection, Task> change,
        AlongsideChange? alongside = null
    ) =>
        Apply(
            user,
            action,
            actor,
            async db =>
            {
                await change(db);
                return (Result<Done>)default(Done);
            },
            alongside
        );

    /// <summary>As above; a refused change is rolled back and not logged.</summary>
    public async Task<Result<Done>> Apply(
        User user,
        string action,
        Actor actor,
        Func<DbConnection, Task<Result<Done>>> change,
        AlongsideChange? alongside = null
    )
    {
        var changed = await database.Write(async db =>
        {
            var result = await change(db);
            if (result.Succeeded && alongside is not null)
            {
                result = await alongside(db);
            }

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
