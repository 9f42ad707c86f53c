using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.PasswordReset;

/// <summary>forgotPassword and resetPassword of the app-user API.</summary>
public static class PasswordResetApi
{
    public static void MapPasswordReset(this RouteGroupBuilder api)
    {
        api.MapPost("forgotPassword", Forgot)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .WithSummary("Request a password reset: mail a code and a link.");
        api.MapPost("resetPassword", Reset)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Set a new password with the mailed code. All sessions end.");
        api.MapGet("resetPassword", ShowLink)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Show the page that the mailed link opens.");
    }

    private static async Task<IResult> Forgot(BoundRequest<ForgotPasswordRequest> bound, AppCaller caller, ForgotPassword rules) =>
        ApiResults.From(await rules.RequestCode(caller, bound.Value.Handle));

    private static async Task<IResult> Reset(
        BoundRequest<ResetPasswordRequest> bound,
        AppCaller caller,
        ResetPassword rules,
        HttpContext context
    )
    {
        var (request, typed) = (bound.Value, new RawPassword(bound.Value.Password));
        if (request.FromPage != true)
        {
            return ApiResults.From(await rules.Reset(caller, request.Handle, typed, request.Code));
        }

        var page = Page(caller, context, request.Handle, request.Code, request.Locale);
        if (PasswordPolicy.ParseTyped(caller.Application.Settings, typed).Failed(out var password, out _))
        {
            return PasswordPages.Form(page with { IsWeak = true });
        }

        return (await rules.Reset(caller, request.Handle, password, request.Code)).Error is { } refused
            ? ApiResults.From(refused)
            : PasswordPages.Done(page);
    }

    /// <summary>Mail scanners open links, so opening one only shows a form.</summary>
    private static IResult ShowLink(BoundRequest<ResetLinkRequest> bound, AppCaller caller, HttpContext context) =>
        PasswordPages.Form(Page(caller, context, bound.Value.Handle, bound.Value.Code, bound.Value.Locale));

    private static PasswordPage Page(AppCaller caller, HttpContext context, string handle, string code, string? locale) =>
        new()
        {
            Application = caller.Application,
            Function = "resetPassword",
            Kind = MessageKind.ResetPassword,
            AppToken = context.Request.Query[TokenAuthenticationMiddleware.AppTokenQuery].ToString(),
            Handle = handle,
            Code = code,
            Locale = locale ?? LocaleCodes.Default,
        };

    /// <param name="Handle">An e-mail address or a user name.</param>
    public sealed record ForgotPasswordRequest(string Handle) : IRequest<ForgotPasswordRequest>
    {
        public static ForgotPasswordRequest Read(FieldReader fields) => new(fields.Required("handle"));
    }

    /// <param name="Handle">An e-mail address or a user name.</param>
    /// <param name="Password">The new password or its MD5 hex.</param>
    /// <param name="Code">The mailed code, or the token of the mailed link.</param>
    /// <param name="FromPage">Sent by the link page's own form.</param>
    /// <param name="Locale">The language of the link's page.</param>
    public sealed record ResetPasswordRequest(string Handle, string Password, string Code, bool? FromPage, string? Locale)
        : IRequest<ResetPasswordRequest>
    {
        public static ResetPasswordRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.Required("password"),
                fields.RequiredCode("code"),
                fields.OptionalFlag("fromPage"),
                fields.Optional("locale")
            );
    }

    /// <param name="Handle">The user's e-mail address.</param>
    /// <param name="Code">The token of the mailed link.</param>
    /// <param name="Locale">The language of the page.</param>
    public sealed record ResetLinkRequest(string Handle, string Code, string? Locale) : IRequest<ResetLinkRequest>
    {
        public static ResetLinkRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.RequiredCode("code"), fields.Optional("locale"));
    }
}
