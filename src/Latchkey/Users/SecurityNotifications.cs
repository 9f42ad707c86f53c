using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Limits;
using Latchkey.Messages.Templates;

namespace Latchkey.Users;

/// <summary>
/// Mails that tell a user what was changed. A change that is made over and over is told a few times and then only logged; one of another
/// kind is told all the same.
/// </summary>
public sealed class SecurityNotifications(RateLimits limits, UserMessenger messenger)
{
    /// <summary>Asked before the transaction of the change.</summary>
    public async Task<bool> TryAcquire(Application application, User user, string kind) =>
        !user.Anonymous
        && await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.SecurityNotifications, $"{user.Handle}|{kind}"))
            is null;

    /// <summary>Part of the transaction of the change.</summary>
    public Task Send(DbConnection db, Application application, User user, string kind, string client) =>
        messenger.Enqueue(db, application, user.Handle, kind, user.Locale, new MacroValues(user.Handle, client));
}
