using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Linking;

/// <summary>
/// link: a user who has proved who they are links an identity that the provider proves. Two users are never merged,
/// and every link is told to the user by mail.
/// </summary>
public sealed class LinkRules(
    Database database,
    UserStore users,
    SocialUsers socialUsers,
    SessionStore sessions,
    StepUp stepUp,
    IdTokenValidator idTokenValidator,
    UsedIdTokens usedIdTokens,
    SecurityNotifications notifications,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "link";

    /// <summary>
    /// 710 without a proof in the last 15 minutes, whatever the application's setting says; 415/416 when the provider is off; 613 for a bad
    /// token; 741 when another user has the identity; 602 for an anonymous user, and for too many links; 700 when too many links were told.
    /// Nothing happens if the user has it already.
    /// </summary>
    public async Task<Result<Done>> Link(UserCaller caller, string provider, string token, string? nonce, CancellationToken stop)
    {
        if (FindRefusal(caller) is { } refusal)
        {
            return refusal;
        }

        return (await idTokenValidator.Validate(caller.Application.Settings, provider, token, nonce, stop)).Failed(
            out var identity,
            out var refused
        )
            ? refused
            : await Link(caller, identity);
    }

    /// <summary>As above, for an identity that was proved a moment ago.</summary>
    public async Task<Result<Done>> Link(UserCaller caller, SocialIdentity identity)
    {
        var (application, user) = (caller.Application, caller.User);
        if (FindRefusal(caller) is { } refused)
        {
            return refused;
        }

        if (await database.Read(db => socialUsers.FindOwner(db, application.Id, identity)) is { } owner)
        {
            return owner == user.Id ? default(Done) : ErrorCodes.IdentityTaken;
        }

        if (await notifications.Require(application, user, MessageKind.IdentityLinked) is { } tooMany)
        {
            return tooMany;
        }

        var linked = await database.Write(db => Store(db, caller, identity));
        notifications.Wake();
        return linked;
    }

    /// <summary>Why the user cannot link now: 602 for an anonymous one, 710 without a fresh proof; null if nothing is in the way.</summary>
    public Error? FindRefusal(UserCaller caller) =>
        caller.User.Anonymous ? ErrorCodes.InvalidData.WithCause("an anonymous user signs up first") : stepUp.FindMissingProof(caller);

    private async Task<Result<Done>> Store(DbConnection db, UserCaller caller, SocialIdentity identity)
    {
        var application = caller.Application;
        if (
            await users.FindForUpdate(db, database.Dialect, application.Id, caller.User.Id) is not { } locked
            || !await sessions.IsLive(db, application.Id, caller.Session.Id, clock.Now())
        )
        {
            return ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile");
        }

        if (await socialUsers.FindOwner(db, application.Id, identity) == locked.Id)
        {
            return default(Done); // by the same request, sent twice
        }

        if ((await socialUsers.Link(db, locked, identity) ?? await usedIdTokens.Use(db, application.Id, identity)) is { } refused)
        {
            return refused;
        }

        await notifications.Send(db, application, locked, MessageKind.IdentityLinked, caller.Client.Address, identity.Provider);
        await audit.Add(db, new AuditEntry(application.Id, Action, locked.Handle, caller.Client.Address) { Detail = identity.Provider });
        return default(Done);
    }
}
