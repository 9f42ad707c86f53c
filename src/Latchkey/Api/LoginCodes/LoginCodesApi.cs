using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Users.Locales;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.LoginCodes;

/// <summary>loginCode and loginCodeComplete: signing in without a password. Our extension of the app-user API.</summary>
public static class LoginCodesApi
{
    public static void MapLoginCodes(this RouteGroupBuilder api)
    {
        api.MapPost("loginCode", Request)
            .RequiresToken(TokenKind.AppOrAccess, allowsUpgrade: true)
            .RequiresFeature(s => s.EmailCodeLogin || s.SmsCodeLogin, ErrorCodes.LoginCodesDisabled)
            .Produces<LoginCodeAnswer>()
            .WithSummary("Send a code to sign in without a password: by mail with a link, or by SMS to a verified number.");
        api.MapGet("loginCode", ShowLink)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Show the page that the link of a login code opens.");
        api.MapPost("loginCodeComplete", Complete)
            .RequiresToken(TokenKind.AppOrAccess)
            .RequiresFeature(s => s.EmailCodeLogin || s.SmsCodeLogin, ErrorCodes.LoginCodesDisabled)
            .Produces<TokenResponse>()
            .WithSummary("Sign in with the code or link of loginCode. If a second factor is needed, the answer is a login token.");
    }

    private static async Task<IResult> Request(BoundRequest<LoginCodeRequest> bound, AppCaller caller, LoginCodeRequests rules) =>
        ApiResults.From(
            await rules.Request(caller, bound.Value.Handle, bound.Value.Locale, bound.Value.MetaData),
            LoginCodeJson.Default.LoginCodeAnswer
        );

    private static Task<IResult> ShowLink(BoundRequest<LoginLinkRequest> bound, AppCaller caller, LoginCodePages pages) =>
        pages.Show(caller.Application, bound.Value.Handle, bound.Value.Code, bound.Value.Locale ?? LocaleCodes.Default);

    private static async Task<IResult> Complete(
        BoundRequest<LoginCodeCompleteRequest> bound,
        AppCaller caller,
        LoginCodeCompletion rules,
        SignIn signIn
    )
    {
        var request = bound.Value;
        var proof = new LoginCodeProof(request.Handle, request.Code, request.RequestToken, request.DeviceToken);
        return LoginApi.Answer(caller, signIn, await rules.Complete(caller.OnDevice(request.DeviceName), proof));
    }

    /// <param name="Handle">An e-mail address, or a verified phone number in E.164.</param>
    /// <param name="Locale">One of the application's locales; EN by default. Users who exist get theirs.</param>
    /// <param name="MetaData">The user fields of a signup: a JSON document as a string.</param>
    public sealed record LoginCodeRequest(string Handle, string? Locale, string? MetaData) : IRequest<LoginCodeRequest>
    {
        public static LoginCodeRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.Optional("locale"), fields.Optional("metaData"));
    }

    /// <param name="Handle">The address or number.</param>
    /// <param name="Code">The token of the link.</param>
    /// <param name="Locale">The language of the page.</param>
    public sealed record LoginLinkRequest(string Handle, string Code, string? Locale) : IRequest<LoginLinkRequest>
    {
        public static LoginLinkRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.Required("code"), fields.Optional("locale"));
    }

    /// <param name="Handle">As it was sent with loginCode.</param>
    /// <param name="Code">The six digits, or the token of the link.</param>
    /// <param name="RequestToken">What loginCode answered to this app on this device.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="DeviceToken">What loginComplete answered when the device was remembered.</param>
    public sealed record LoginCodeCompleteRequest(string Handle, string Code, string RequestToken, string? DeviceName, string? DeviceToken)
        : IRequest<LoginCodeCompleteRequest>
    {
        public static LoginCodeCompleteRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.RequiredCode("code"),
                fields.Required("requestToken"),
                fields.Optional("deviceName"),
                fields.Optional("deviceToken")
            );
    }
}
