using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Messages.Outbox;
using Latchkey.Users;

namespace Latchkey.Api.Invitations;

/// <summary>The inviter: a user, a server, or a developer in the portal.</summary>
/// <param name="Actor">For the log.</param>
/// <param name="User">The user, or null for a server or developer, who can also set fields marked "servers only".</param>
/// <param name="Network">The inviter's network; for a server, the network that it calls from.</param>
public sealed record Inviter(Actor Actor, User? User, string Network)
{
    /// <summary>Which share of the application's message budget the mail uses.</summary>
    public MessagePurpose Purpose => User is null ? MessagePurpose.ByApplication : MessagePurpose.ForStranger(Network);

    public static Inviter From(Caller caller) =>
        caller is UserCaller user
            ? new(new(user.User.Handle, user.Client.Address), user.User, user.Client.Network)
            : new(new(AuditEntry.ByServer, caller.Client.Address), null, caller.Client.Network);
}
