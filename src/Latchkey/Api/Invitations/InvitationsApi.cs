using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Invitations;

/// <summary>invite and register of the app-user API.</summary>
public static class InvitationsApi
{
    public static void MapInvitations(this RouteGroupBuilder api)
    {
        api.MapPost("invite", Invite)
            .RequiresToken(TokenKind.AccessOrSecret)
            .RequiresFeature(s => s.InvitationEnabled, ErrorCodes.InvitationsDisabled)
            .WithSummary("Invite a person: mail a code to an address.");
        api.MapPost("register", Register)
            .RequiresToken(TokenKind.AppInEitherHeader, allowsUpgrade: true)
            .RequiresFeature(s => s.InvitationEnabled, ErrorCodes.InvitationsDisabled)
            .Produces<RegistrationTokenResponse>()
            .WithSummary("Register with the code of an invitation.");
    }

    private static async Task<IResult> Invite(BoundRequest<InviteRequest> bound, Caller caller, InviteRules rules)
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

    private static async Task<IResult> Register(BoundRequest<RegisterRequest> bound, AppCaller caller, RegisterRules rules)
    {
        var request = bound.Value;
        return ApiResults.From(
            await rules.Register(
                caller,
                new RegisterInput(request.Handle, new RawPassword(request.Password), request.Code, request.MetaData, request.Locale)
            ),
            SessionsJson.Default.RegistrationTokenResponse
        );
    }

    /// <param name="Handle">The address to invite.</param>
    /// <param name="SenderUserId">The inviter, as the app names it; not verified. Optional for servers.</param>
    /// <param name="MetaData">The invite fields, a JSON document as a string.</param>
    /// <param name="Locale">The language of the mail; the inviter's by default.</param>
    public sealed record InviteRequest(string Handle, string? SenderUserId, string? MetaData, string? Locale) : IRequest<InviteRequest>
    {
        public static InviteRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.IsFromServer ? fields.Optional("senderUserId") : fields.Required("senderUserId"),
                fields.Optional("metaData"),
                fields.Optional("locale")
            );
    }

    /// <param name="Handle">The invited address.</param>
    /// <param name="Password">The password or its MD5 hex.</param>
    /// <param name="Code">The mailed code.</param>
    /// <param name="MetaData">The user fields, a JSON document as a string.</param>
    /// <param name="Locale">The invitation's by default.</param>
    public sealed record RegisterRequest(string Handle, string Password, string Code, string? MetaData, string? Locale)
        : IRequest<RegisterRequest>
    {
        public static RegisterRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.Required("password"),
                fields.RequiredCode("code"),
                fields.Optional("metaData"),
                fields.Optional("locale")
            );
    }
}
