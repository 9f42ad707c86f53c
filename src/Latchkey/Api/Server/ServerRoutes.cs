using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Invitations;
using Latchkey.Api.Linking;
using Latchkey.Api.Passkeys;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Passwords;
using Latchkey.Users.Search;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Server;

/// <summary>The server API: an application's own servers manage its users with an App Secret.</summary>
public static class ServerRoutes
{
    private const int MaxPageSize = 200;

    public static void MapServerApi(this RouteGroupBuilder server)
    {
        server
            .MapPost("invite", Invite)
            .RequiresFeature(s => s.InvitationEnabled, ErrorCodes.InvitationsDisabled)
            .WithSummary("Invite a person. senderUserId is optional, and fields marked \"servers only\" are allowed.");
        server
            .MapGet("users", List)
            .WithSummary(
                "List users, newest first. q is a search such as status:locked meta.club:Kiel; without it, search matches parts of handles "
                    + "and user names. cursor is the previous page's next."
            );
        server.MapPost("users", Add).WithSummary("Add a user. The address counts as verified.");
        server.MapGet("users/{user}", Show).WithSummary("Get a user by id, handle or user name.");
        server.MapDelete("users/{user}", Delete).WithSummary("Delete a user with all sessions and codes.");
        server.MapPost("users/{user}/suspend", Suspend).WithSummary("Suspend a user. All sessions end.");
        server.MapPost("users/{user}/activate", Activate).WithSummary("Let a suspended or locked user log in again.");
        server.MapPost("users/{user}/signOut", SignOut).WithSummary("End all sessions of a user.");
        server
            .MapGet("users/{user}/sessions", ListSessions)
            .WithSummary("List a user's sessions: those that are live, and those that ended in the last 30 days with the reason.");
        server.MapDelete("users/{user}/sessions/{session}", EndSession).WithSummary("End one session of a user by its id.");
        server
            .MapGet("users/{user}/secondFactors", ShowSecondFactors)
            .Produces<SecondFactorsAnswer>()
            .WithSummary("Get a user's second factors, how many recovery codes are left, and the remembered devices.");
        server
            .MapPost("users/{user}/resetSecondFactor", ResetSecondFactor)
            .WithSummary("Switch a user's second factors off, for a user who lost them. The user is told by mail.");
        server
            .MapGet("users/{user}/links", ListLinks)
            .Produces<LinksAnswer>()
            .WithSummary(
                "Get the ways in which a user can log in: the password, the phone number, passkeys, and accounts at Apple and Google."
            );
        server
            .MapDelete("users/{user}/links/{link}", Unlink)
            .WithSummary("Unlink an account of a user by its id, but never the last way in (719). The user is told by mail.");
        server
            .MapGet("users/{user}/passkeys", ListPasskeys)
            .Produces<PasskeysAnswer>()
            .WithSummary("List a user's passkeys, newest first.");
        server
            .MapDelete("users/{user}/passkeys/{passkey}", DeletePasskey)
            .WithSummary("Delete a passkey of a user by its id, also the last way to sign in. The user is told by mail.");
        server
            .MapPost("users/{user}/metaData", SetMetadata)
            .WithSummary("Replace a user's metadata, including fields that users cannot edit.");
        server
            .MapPost("users/{user}/resetPassword", ResetPassword)
            .WithSummary("Set a user's password. Without a password, mail a reset code.");
        server.MapPost("verify", Verify).WithSummary("Verify a user JWT or an access token.");
    }

    private static async Task<IResult> Invite(BoundRequest<InvitationsApi.InviteRequest> bound, ServerCaller caller, InviteRules rules)
    {
        var request = bound.Value;
        return ApiResults.From(
            await rules.Invite(
                caller.Application,
                Inviter.From(caller),
                request.Handle,
                request.SenderUserId,
                request.MetaData,
                request.Locale
            )
        );
    }

    private static async Task<IResult> List(BoundRequest<ListRequest> bound, ServerCaller caller, UserAdministration users, UserList lists)
    {
        var request = bound.Value;
        if (request.Q is { Length: > 0 })
        {
            return await Search(request, caller, lists);
        }

        var (page, next) = await users.List(
            caller.Application.Id,
            request.Search ?? "",
            request.Status ?? "",
            request.Cursor,
            request.PageSize(MaxPageSize)
        );
        return ApiResults.RawJson(ServerUserJson.WritePage(caller.Application, page, next));
    }

    /// <summary>A page can be short, or empty, and still have a next one.</summary>
    private static async Task<IResult> Search(ListRequest request, ServerCaller caller, UserList lists)
    {
        if (request.Search is { Length: > 0 } || request.Status is { Length: > 0 })
        {
            return ApiResults.From(ErrorCodes.InvalidData with { Message = "q stands alone: put search and status into it" });
        }

        var read = lists.Read(UserSearchScope.Of(caller.Application), request.Q ?? "", "");
        if (read.Failed(out var query, out var refused))
        {
            return ApiResults.From(refused);
        }

        var page = await lists.Page(caller.Application.Id, query, new PageRequest(request.Cursor ?? "", "", request.PageSize(MaxPageSize)));
        return ApiResults.RawJson(ServerUserJson.WritePage(caller.Application, page.Rows, page.Next?.Encoded));
    }

    private static async Task<IResult> Add(BoundRequest<AddRequest> bound, ServerCaller caller, UserCreator users)
    {
        var request = bound.Value;
        var created = await users.Create(
            caller.Application,
            UserOrigin.Server,
            request.Handle,
            new RawPassword(request.Password),
            request.MetaData,
            request.Locale,
            ActorOf(caller)
        );
        return created.Failed(out var user, out var refused)
            ? ApiResults.From(refused)
            : ApiResults.RawJson(ServerUserJson.Write(caller.Application, user));
    }

    private static Task<IResult> Show(string user, ServerCaller caller, UserAdministration users) =>
        WithUser(caller, users, user, found => Task.FromResult(ApiResults.RawJson(ServerUserJson.Write(caller.Application, found))));

    private static Task<IResult> Delete(string user, ServerCaller caller, UserAdministration users) =>
        WithUser(caller, users, user, async found => ApiResults.From(await users.Delete(found, ActorOf(caller))));

    private static Task<IResult> Suspend(string user, ServerCaller caller, UserAdministration users) =>
        WithUser(caller, users, user, async found => ApiResults.From(await users.Suspend(found, ActorOf(caller))));

    private static Task<IResult> Activate(string user, ServerCaller caller, UserAdministration users) =>
        WithUser(caller, users, user, async found => ApiResults.From(await users.Activate(found, ActorOf(caller))));

    private static Task<IResult> SignOut(string user, ServerCaller caller, UserAdministration users) =>
        WithUser(caller, users, user, async found => ApiResults.From(await users.SignOut(found, ActorOf(caller))));

    private static Task<IResult> ListSessions(
        string user,
        ServerCaller caller,
        UserAdministration users,
        UserSessions sessions,
        TimeProvider clock
    ) =>
        WithUser(
            caller,
            users,
            user,
            async found =>
            {
                var (live, ended) = await sessions.ListAll(found);
                return ApiResults.RawJson(SessionJson.WriteList(live.Concat(ended), currentId: "", clock.Now()));
            }
        );

    private static Task<IResult> EndSession(
        string user,
        string session,
        ServerCaller caller,
        UserAdministration users,
        UserSessions sessions
    ) => WithUser(caller, users, user, async found => ApiResults.From(await sessions.End(found, session, ActorOf(caller))));

    private static Task<IResult> ShowSecondFactors(string user, ServerCaller caller, UserAdministration users, UserSecondFactors factors) =>
        WithUser(
            caller,
            users,
            user,
            async found =>
                ApiResults.Json(
                    SecondFactorsAnswer.From(caller.Application, found, await factors.Find(caller.Application.Settings, found)),
                    TwoFactorJson.Default.SecondFactorsAnswer
                )
        );

    private static Task<IResult> ResetSecondFactor(string user, ServerCaller caller, UserAdministration users, UserSecondFactors factors) =>
        WithUser(caller, users, user, async found => ApiResults.From(await factors.Reset(caller.Application, found, ActorOf(caller))));

    private static Task<IResult> ListPasskeys(string user, ServerCaller caller, UserAdministration users, UserPasskeys passkeys) =>
        WithUser(
            caller,
            users,
            user,
            async found =>
                ApiResults.Json(
                    PasskeysAnswer.From(caller.Application, await passkeys.List(caller.Application.Id, found)),
                    PasskeysJson.Default.PasskeysAnswer
                )
        );

    private static Task<IResult> DeletePasskey(
        string user,
        string passkey,
        ServerCaller caller,
        UserAdministration users,
        UserPasskeys passkeys
    ) =>
        WithUser(
            caller,
            users,
            user,
            async found => ApiResults.From(await passkeys.Delete(caller.Application, found, passkey, ActorOf(caller)))
        );

    private static Task<IResult> ListLinks(string user, ServerCaller caller, UserAdministration users, UserIdentities identities) =>
        WithUser(
            caller,
            users,
            user,
            async found => ApiResults.Json(LinksAnswer.From(found, await identities.List(found)), LinkingJson.Default.LinksAnswer)
        );

    private static Task<IResult> Unlink(
        string user,
        string link,
        ServerCaller caller,
        UserAdministration users,
        UserIdentities identities
    ) =>
        WithUser(
            caller,
            users,
            user,
            async found => ApiResults.From(await identities.Unlink(caller.Application, found, link, ActorOf(caller)))
        );

    private static Task<IResult> SetMetadata(
        string user,
        BoundRequest<MetadataRequest> bound,
        ServerCaller caller,
        UserAdministration users,
        UserMetadata metadata
    ) =>
        WithUser(
            caller,
            users,
            user,
            async found => ApiResults.From(await metadata.Set(caller.Application, found, bound.Value.MetaData, ActorOf(caller)))
        );

    private static Task<IResult> ResetPassword(
        string user,
        BoundRequest<ResetRequest> bound,
        ServerCaller caller,
        UserAdministration users,
        UserPasswords passwords
    ) =>
        WithUser(
            caller,
            users,
            user,
            async found =>
                ApiResults.From(
                    bound.Value.Password is { } password
                        ? await passwords.Set(caller.Application, found, new RawPassword(password), ActorOf(caller))
                        : await passwords.SendResetCode(caller.Application, found, ActorOf(caller))
                )
        );

    /// <summary>The application's own server, as the log names it.</summary>
    private static Actor ActorOf(ServerCaller caller) => new(AuditEntry.ByServer, caller.Client.Address);

    private static async Task<IResult> Verify(BoundRequest<VerifyRequest> bound, ServerCaller caller, TokenVerification verification)
    {
        var result = await verification.Verify(caller.Application, bound.Value.Token);
        return result.Failed(out var verified, out var refused)
            ? ApiResults.From(refused)
            : ApiResults.RawJson(ServerUserJson.WriteVerified(caller.Application, verified));
    }

    private static async Task<IResult> WithUser(
        ServerCaller caller,
        UserAdministration users,
        string idOrName,
        Func<User, Task<IResult>> act
    ) => await users.Find(caller.Application.Id, idOrName) is { } found ? await act(found) : ApiResults.From(ErrorCodes.AccountNotFound);

    /// <param name="Q">A search (<see cref="UserSearch"/>), instead of the next two.</param>
    /// <param name="Search">Part of a handle or user name.</param>
    /// <param name="Status">active or suspend.</param>
    /// <param name="Cursor">The next of the page before.</param>
    /// <param name="Limit">Users a page, 200 at most; 50 by default.</param>
    public sealed record ListRequest(string? Q, string? Search, string? Status, string? Cursor, string? Limit) : IRequest<ListRequest>
    {
        public static ListRequest Read(FieldReader fields) =>
            new(
                fields.Optional("q"),
                fields.Optional("search"),
                fields.Optional("status"),
                fields.Optional("cursor"),
                fields.Optional("limit")
            );

        internal int PageSize(int max) =>
            int.TryParse(Limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size)
            && size > 0
                ? Math.Min(size, max)
                : 50;
    }

    /// <param name="Handle">An e-mail address.</param>
    /// <param name="Password">The password or its MD5 hex.</param>
    /// <param name="MetaData">A JSON document as a string.</param>
    /// <param name="Locale">One of the application's locales.</param>
    public sealed record AddRequest(string Handle, string Password, string? MetaData, string? Locale) : IRequest<AddRequest>
    {
        public static AddRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.Required("password"), fields.Optional("metaData"), fields.Optional("locale"));
    }

    /// <param name="MetaData">A JSON document as a string.</param>
    public sealed record MetadataRequest(string MetaData) : IRequest<MetadataRequest>
    {
        public static MetadataRequest Read(FieldReader fields) => new(fields.Required("metaData"));
    }

    /// <param name="Password">The new password or its MD5 hex; without it a reset code is mailed.</param>
    public sealed record ResetRequest(string? Password) : IRequest<ResetRequest>
    {
        public static ResetRequest Read(FieldReader fields) => new(fields.Optional("password"));
    }

    /// <param name="Token">A user JWT or an access token.</param>
    public sealed record VerifyRequest(string Token) : IRequest<VerifyRequest>
    {
        public static VerifyRequest Read(FieldReader fields) => new(fields.Required("token"));
    }
}
