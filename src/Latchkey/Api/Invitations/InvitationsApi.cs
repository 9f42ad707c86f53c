using Latchkey.Api.Authentication;
using Latchkey.Api.Signup;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;
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
            .WithSummary("Invite a person: mail a code and a link to an address.");
        api.MapPost("register", Register)
            .RequiresToken(TokenKind.HeaderOrQuery, allowsUpgrade: true)
            .RequiresFeature(s => s.InvitationEnabled, ErrorCodes.InvitationsDisabled)
            .Produces<RegistrationTokenResponse>()
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Register with the code of an invitation.");
        api.MapGet("register", ShowLink)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .RequiresFeature(s => s.InvitationEnabled, ErrorCodes.InvitationsDisabled)
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Show the page that the link of an invitation opens.");
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

    private static async Task<IResult> Register(
        BoundRequest<RegisterRequest> bound,
        AppCaller caller,
        RegisterRules rules,
        SignupPages pages,
        HttpContext context
    )
    {
        var request = bound.Value;
        var input = new RegisterInput(request.Handle, new RawPassword(request.Password), request.Code, request.MetaData, request.Locale);
        return request.FromPage == true
            ? await RegisterFromPage(request, input, caller, rules, pages, context)
            : ApiResults.From(
                await rules.Register(caller.OnDevice(request.DeviceName), input),
                SessionsJson.Default.RegistrationTokenResponse
            );
    }

    private static async Task<IResult> RegisterFromPage(
        RegisterRequest request,
        RegisterInput input,
        AppCaller caller,
        RegisterRules rules,
        SignupPages pages,
        HttpContext context
    )
    {
        var fields = RequiredFields(caller.Application.Settings);
        var values = fields.ToDictionary(field => field.Path, field => request.Typed(field.Path) ?? "", StringComparer.Ordinal);
        if (PasswordPolicy.ParseTyped(caller.Application.Settings, input.Password).Failed(out var password, out _))
        {
            return PasswordPages.Form(
                Page(caller, context, request.Handle, request.Code, request.Locale) with
                {
                    Values = values,
                    IsWeak = true,
                }
            );
        }

        return (
            await rules.RegisterWithoutSession(
                caller,
                input with
                {
                    Password = password,
                    MetaData = MetadataForm.Document(values),
                    Locale = null,
                }
            )
        ).Failed(out var user, out var refused)
            ? ApiResults.From(refused)
            : pages.ClickThrough(caller.Application, user);
    }

    /// <summary>Mail scanners open links, so opening one only shows a form.</summary>
    private static IResult ShowLink(BoundRequest<InvitationLinkRequest> bound, AppCaller caller, HttpContext context) =>
        PasswordPages.Form(Page(caller, context, bound.Value.Handle, bound.Value.Code, bound.Value.Locale));

    private static PasswordPage Page(AppCaller caller, HttpContext context, string handle, string code, string? locale) =>
        new()
        {
            Application = caller.Application,
            Function = "register",
            Kind = MessageKind.Invite,
            AppToken = context.Request.Query[TokenAuthenticationMiddleware.AppTokenQuery].ToString(),
            Handle = handle,
            Code = code,
            Locale = locale ?? LocaleCodes.Default,
            Fields = RequiredFields(caller.Application.Settings),
        };

    private static IReadOnlyList<MetadataField> RequiredFields(ApplicationSettings settings) =>
        [.. MetadataForm.Inputs(settings.MetaData).Where(field => field.Required)];

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
    /// <param name="Code">The mailed code, or the token of the mailed link.</param>
    /// <param name="MetaData">The user fields, a JSON document as a string.</param>
    /// <param name="Locale">The invitation's by default.</param>
    /// <param name="FromPage">Sent by the link page's own form.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record RegisterRequest(
        string Handle,
        string Password,
        string Code,
        string? MetaData,
        string? Locale,
        bool? FromPage,
        string? DeviceName
    ) : IRequest<RegisterRequest>
    {
        /// <summary>The value of a metadata field in the page's form; null if it was not sent.</summary>
        public required Func<string, string?> Typed { get; init; }

        public static RegisterRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.Required("password"),
                fields.RequiredCode("code"),
                fields.Optional("metaData"),
                fields.Optional("locale"),
                fields.OptionalFlag("fromPage"),
                fields.Added("deviceName")
            )
            {
                Typed = path => fields.Optional(PasswordPages.MetadataPrefix + path),
            };
    }

    /// <param name="Handle">The invited address.</param>
    /// <param name="Code">The token of the mailed link.</param>
    /// <param name="Locale">The language of the page.</param>
    public sealed record InvitationLinkRequest(string Handle, string Code, string? Locale) : IRequest<InvitationLinkRequest>
    {
        public static InvitationLinkRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.RequiredCode("code"), fields.Optional("locale"));
    }
}
