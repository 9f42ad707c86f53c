using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>refresh, sessions and endSession: our extension of the app-user API.</summary>
public static class SessionsApi
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapPost("refresh", Refresh)
            .RequiresToken(TokenKind.AppOrAccess)
            .Produces<TokenResponse>()
            .WithSummary("Get new tokens for a refresh token. 711 for an unknown one, 712 when the session has ended.");
        api.MapGet("sessions", List)
            .RequiresToken(TokenKind.Access)
            .WithSummary("List the user's sessions: those that are live, and those that ended in the last 30 days with the reason.");
        api.MapPost("endSession", End).RequiresToken(TokenKind.Access).WithSummary("End one of the user's sessions by its id.");
    }

    private static async Task<IResult> Refresh(BoundRequest<RefreshRequest> bound, AppCaller caller, RefreshRules rules) =>
        ApiResults.From(await rules.Refresh(caller, bound.Value.RefreshToken), SessionsJson.Default.TokenResponse);

    private static async Task<IResult> List(UserCaller caller, UserSessions sessions, TimeProvider clock)
    {
        var (live, ended) = await sessions.ListAll(caller.User);
        return ApiResults.RawJson(SessionJson.WriteList(live.Concat(ended), caller.Session.Id, clock.Now()));
    }

    private static async Task<IResult> End(BoundRequest<EndSessionRequest> bound, UserCaller caller, UserSessions sessions)
    {
        var reason = bound.Value.Id == caller.Session.PublicId ? SessionEndReason.SignedOut : SessionEndReason.SignedOutElsewhere;
        return ApiResults.From(
            await sessions.End(caller.User, bound.Value.Id, reason, new Actor(AuditEntry.ByUser, caller.Client.Address))
        );
    }

    /// <param name="RefreshToken">The newest one that the app got.</param>
    public sealed record RefreshRequest(string RefreshToken) : IRequest<RefreshRequest>
    {
        public static RefreshRequest Read(FieldReader fields) => new(fields.Required("refreshToken"));
    }

    /// <param name="Id">As sessions lists it.</param>
    public sealed record EndSessionRequest(string Id) : IRequest<EndSessionRequest>
    {
        public static EndSessionRequest Read(FieldReader fields) => new(fields.Required("id"));
    }
}
