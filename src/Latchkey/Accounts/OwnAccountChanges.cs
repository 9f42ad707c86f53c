using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>What goes with every change that developers make to their own accounts: the installation's log and mails.</summary>
public sealed class OwnAccountChanges(PortalMailer mails, InstallationLog log)
{
    /// <summary>Makes a change in a transaction. If it is not refused, logs it and wakes the mails that it enqueued.</summary>
    /// <param name="action">The log's action.</param>
    /// <param name="what">What the log says.</param>
    public async Task<Result<T>> Apply<T>(
        string action,
        string what,
        Developer developer,
        ClientAddress client,
        Func<DbConnection, Task<Result<T>>> change
    )
    {
        var changed = await log.Write(InstallationEntry.OfOwnAccount(action, what, developer.Id, client), change);
        if (changed.Succeeded)
        {
            mails.Wake();
        }

        return changed;
    }
}
