using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Limits;
using Latchkey.Messages.Templates;

namespace Latchkey.Users;

/// <summary>
/// Mails that notify a user of a security-relevant change. Repeated changes of one kind are mailed a few times and then only logged;
/// other kinds are not affected.
/// </summary>
public sealed class SecurityNotifications(RateLimits limits, UserMessenger messenger)
{
    /// <summary>Whether to send a notification; counts it. Call it before the transaction of the change.</summary>
    public async Task<bool> TryAcquire(Application application, User user, string kind) =>
        !user.Anonymous
        && await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.SecurityNotifications, $"{user.HandleKey}|{kind}"))
            is null;

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => messenger.Wake();

    /// <summary>Queues the notification; an anonymous user has no address. Runs in the transaction of the change.</summary>
    public Task Send(DbConnection db, Application application, User user, string kind, string client) =>
        user.Anonymous
            ? Task.CompletedTask
            : messenger.Enqueue(db, application, user.Handle, kind, user.Locale, new MacroValues(user.Handle, client));
}
