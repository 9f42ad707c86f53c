using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Invitations;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Server;

/// <summary>What an application's own servers may do with its users, by the App Secret.</summary>
public static class ServerRoutes
{
    private const int MostPerPage = 200;

    public static void MapServerApi(this RouteGroupBuilder server)
    {
        server.MapPost("invite", Invite).Needs(s => s.InvitationEnabled, ErrorCodes.InvitationOff).WithSummary("Mail an invitation; senderUserId is optional, and fields marked \"servers only\" are taken.");
        server.MapGet("users", List).WithSummary("Users, newest first: search is part of a handle or user name, cursor the next of the page before.");
        server.MapPost("users", Add).WithSummary("Add a user whose address counts as verified.");
        server.MapGet("users/{user}", Show).WithSummary("A user, by id, handle or user name.");
        server.MapDelete("users/{user}", Delete).WithSummary("Delete a user with its sessions and codes.");
        server.MapPost("users/{user}/suspend", Suspend).WithSummary("Suspend a user: all its sessions end.");
        server.MapPost("users/{user}/activate", Activate).WithSummary("Let a suspended or locked user log in again.");
        server.MapPost("users/{user}/signOut", SignOut).WithSummary("End all of a user's sessions.");
        server.MapPost("users/{user}/metaData", SetMetadata).WithSummary("Replace a user's metadata, fields that users cannot edit included.");
        server.MapPost("users/{user}/resetPassword", ResetPassword).WithSummary("Set a user's password, or without one mail a reset code.");
        server.MapPost("verify", Verify).WithSummary("Check a user JWT or an access token.");
    }

    private static async Task<IResult> Invite(Asked<InvitationsApi.InviteRequest> asked, ServerCaller caller, InviteRules rules)
    {
        var request = asked.Value;
        return Answers.Of(await rules.Invite(caller.Application, Inviter.Of(caller), request.Handle, request.SenderUserId, request.MetaData, request.Locale));
    }

    private static async Task<IResult> List(Asked<ListRequest> asked, ServerCaller caller, UserAdministration users)
    {
        var request = asked.Value;
        var (page, next) = await users.List(caller.Application.Id, request.Search ?? "", request.Status ?? "", request.Cursor, request.Size(MostPerPage));
        return Answers.Bytes(ServerUser.WritePage(caller.Application, page, next));
    }

    private static async Task<IResult> Add(Asked<AddRequest> asked, ServerCaller caller, UserAdding users)
    {
        var request = asked.Value;
        var (user, refused) = await users.Add(caller.Application, request.Handle, new RawPassword(request.Password), request.MetaData, request.Locale, By(caller));
        return refused is null ? Answers.Bytes(ServerUser.Write(caller.Application, user!)) : Answers.Of(refused);
    }

    private static Task<IResult> Show(string user, ServerCaller caller, UserAdministration users) =>
        With(caller, users, user, found => Task.FromResult(Answers.Bytes(ServerUser.Write(caller.Application, found))));

    private static Task<IResult> Delete(string user, ServerCaller caller, UserAdministration users) =>
        With(caller, users, user, async found => Answers.Of(await users.Delete(found, By(caller))));

    private static Task<IResult> Suspend(string user, ServerCaller caller, UserAdministration users) =>
        With(caller, users, user, async found => Answers.Of(await users.Suspend(found, By(caller))));

    private static Task<IResult> Activate(string user, ServerCaller caller, UserAdministration users) =>
        With(caller, users, user, async found => Answers.Of(await users.Activate(found, By(caller))));

    private static Task<IResult> SignOut(string user, ServerCaller caller, UserAdministration users) =>
        With(caller, users, user, async found => Answers.Of(await users.SignOut(found, By(caller))));

    private static Task<IResult> SetMetadata(string user, Asked<MetadataRequest> asked, ServerCaller caller, UserAdministration users, UserMetadata metadata) =>
        With(caller, users, user, async found => Answers.Of(await metadata.Set(caller.Application, found, asked.Value.MetaData, By(caller))));

    private static Task<IResult> ResetPassword(string user, Asked<ResetRequest> asked, ServerCaller caller, UserAdministration users, UserPasswords passwords) =>
        With(caller, users, user, async found => Answers.Of(asked.Value.Password is { } password
            ? await passwords.Set(caller.Application, found, new RawPassword(password), By(caller))
            : await passwords.MailCode(caller.Application, found, By(caller))));

    /// <summary>The application's own server, as the log names it.</summary>
    private static Actor By(ServerCaller caller) => new(AuditEntry.ByServer, caller.Client.Address);

    private static async Task<IResult> Verify(Asked<VerifyRequest> asked, ServerCaller caller, TokenVerification verification)
    {
        var (verified, refused) = await verification.Verify(caller.Application, asked.Value.Token);
        return refused is null ? Answers.Bytes(ServerUser.WriteVerified(caller.Application, verified!)) : Answers.Of(refused);
    }

    private static async Task<IResult> With(ServerCaller caller, UserAdministration users, string who, Func<User, Task<IResult>> act) =>
        await users.Find(caller.Application.Id, who) is { } found ? await act(found) : Answers.Of(ErrorCodes.NoSuchAccount);

    /// <param name="Search">Part of a handle or user name.</param>
    /// <param name="Status">active or suspend.</param>
    /// <param name="Cursor">The next of the page before.</param>
    /// <param name="Limit">Users a page, 200 at most; 50 by default.</param>
    public sealed record ListRequest(string? Search, string? Status, string? Cursor, string? Limit) : IRequest<ListRequest>
    {
        public static ListRequest Read(FieldReader fields) => new(fields.Optional("search"), fields.Optional("status"), fields.Optional("cursor"), fields.Optional("limit"));

        internal int Size(int most) => int.TryParse(Limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size) && size > 0 ? Math.Min(size, most) : 50;
    }

    /// <param name="Handle">An e-mail address.</param>
    /// <param name="Password">The password or its MD5 hex.</param>
    /// <param name="MetaData">A JSON document as a string.</param>
    /// <param name="Locale">One of the application's locales.</param>
    public sealed record AddRequest(string Handle, string Password, string? MetaData, string? Locale) : IRequest<AddRequest>
    {
        public static AddRequest Read(FieldReader fields) => new(fields.Required("handle"), fields.Required("password"), fields.Optional("metaData"), fields.Optional("locale"));
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
