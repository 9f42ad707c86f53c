using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
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
        !user.Anonymous && await Require(application, user, kind) is null;

    /// <summary>700 when the notification could not be sent any more, for a change that must never happen without one.</summary>
    public async Task<Error?> Require(Application application, User user, string kind) =>
        await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.SecurityNotifications, $"{user.HandleKey}|{kind}"));

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => messenger.Wake();

    /// <summary>Queues the notification; an anonymous user has no address. Runs in the transaction of the change.</summary>
    /// <param name="provider">The alias, for a kind that names it.</param>
    public Task Send(DbConnection db, Application application, User user, string kind, string client, string? provider = null)
    {
        var values = new MacroValues(user.Handle, client)
        {
            Provider = provider is null ? null : SocialProvider.DisplayName(provider, application.IdentityProviders),
        };
        return user.Anonymous ? Task.CompletedTask : messenger.Enqueue(db, application, user.Handle, kind, user.Locale, values);
    }
}
