using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>logout: our extension of the app-user API.</summary>
public static class LogoutApi
{
    public static void MapLogout(this RouteGroupBuilder api) =>
        api.MapPost("logout", LogOut)
            .RequiresToken(TokenKind.Access)
            .WithSummary("Log out: end this session, or all of the user's sessions with everywhere.");

    private static async Task<IResult> LogOut(
        BoundRequest<LogoutRequest> bound,
        UserCaller caller,
        Database database,
        UserStore users,
        SessionStore sessions,
        UserCodes codes,
        AuditStore audit,
        TimeProvider clock
    )
    {
        var (application, user, now) = (caller.Application, caller.User, clock.Now());
        await database.Write(async db =>
        {
            // First, as a login does: a login that is being completed ends with this one, or is over before it.
            await users.FindForUpdate(db, database.Dialect, application.Id, user.Id);
            var end = new SessionEnd(SessionEndReason.SignedOut, caller.Client.Address, now);
            await sessions.EndOne(db, application.Id, caller.Session.Id, end);
            if (bound.Value.Everywhere == true)
            {
                await sessions.EndAll(db, application.Id, user.Id, end with { Reason = SessionEndReason.SignedOutElsewhere });
                await codes.EndLogins(db, user);
            }

            await audit.Add(db, new AuditEntry(application.Id, "logout", user.Handle, caller.Client.Address));
        });
        return ApiResults.True;
    }

    /// <param name="Everywhere">true ends all of the user's sessions.</param>
    public sealed record LogoutRequest(bool? Everywhere) : IRequest<LogoutRequest>
    {
        public static LogoutRequest Read(FieldReader fields) => new(fields.OptionalFlag("everywhere"));
    }
}
