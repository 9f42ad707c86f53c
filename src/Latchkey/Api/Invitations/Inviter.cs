using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Users;

namespace Latchkey.Api.Invitations;

/// <summary>The inviter: a user, a server, or a developer in the portal.</summary>
/// <param name="Actor">For the log.</param>
/// <param name="Network">The network that a user invites from, for limits.</param>
/// <param name="User">The user, or null for a server or developer, who can also set fields marked "servers only".</param>
public sealed record Inviter(Actor Actor, User? User, string? Network = null)
{
    public static Inviter From(Caller caller) =>
        caller is UserCaller user
            ? new(new(user.User.Handle, user.Client.Address), user.User, user.Client.Network)
            : new(new(AuditEntry.ByServer, caller.Client.Address), null);
}
