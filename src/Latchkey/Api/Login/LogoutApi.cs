using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

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
        SessionStore sessions,
        UserCodes codes,
        AuditStore audit,
        TimeProvider clock
    )
    {
        await database.Write(async db =>
        {
            await (
                bound.Value.Everywhere == true
                    ? sessions.EndAll(db, caller.Application.Id, caller.User.Id, clock.Now())
                    : sessions.End(db, caller.Application.Id, caller.Session.Id, clock.Now())
            );
            if (bound.Value.Everywhere == true)
            {
                await codes.EndAll(db, caller.User, CodePurpose.Login);
            }

            await audit.Add(db, new AuditEntry(caller.Application.Id, "logout", caller.User.Handle, caller.Client.Address));
        });
        return ApiResults.True;
    }

    /// <param name="Everywhere">true ends all of the user's sessions.</param>
    public sealed record LogoutRequest(bool? Everywhere) : IRequest<LogoutRequest>
    {
        public static LogoutRequest Read(FieldReader fields) => new(fields.OptionalFlag("everywhere"));
    }
}
