using System.Diagnostics;
using Latchkey.Api.Authentication;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>signup and completeSignup of the app-user API.</summary>
public static class SignupApi
{
    public static void MapSignup(this RouteGroupBuilder api)
    {
        api.MapPost("signup", SignUp)
            .RequiresToken(TokenKind.AppOrAccess, allowsUpgrade: true)
            .RequiresFeature(s => s.SignupEnabled, ErrorCodes.SignupDisabled)
            .Produces<TokenResponse>()
            .WithSummary("Sign up. The server mails a code or link; with signup flow none, it logs the user in immediately.");
        api.MapPost("completeSignup", Complete)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .RequiresFeature(s => s.SignupEnabled, ErrorCodes.SignupDisabled)
            .Produces<RegistrationTokenResponse>()
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Complete a signup with the mailed code.");
        api.MapGet("completeSignup", ShowLink)
            .RequiresToken(TokenKind.HeaderOrQuery)
            .RequiresFeature(s => s.SignupEnabled, ErrorCodes.SignupDisabled)
            .WithErrorPage(LinkPages.Error)
            .WithSummary("Show the page that a mailed link opens.");
    }

    private static async Task<IResult> SignUp(
        BoundRequest<SignupRequest> bound,
        AppCaller caller,
        SignupRules rules,
        UserRegistration registration
    )
    {
        var request = bound.Value;
        var result = await rules.SignUp(
            caller.OnDevice(request.DeviceName),
            request.Handle,
            request.Password is { } password ? new RawPassword(password) : null,
            request.MetaData,
            request.Locale
        );
        if (result.Failed(out var answer, out var refused))
        {
            return ApiResults.From(refused);
        }

        return answer switch
        {
            Registered registered => ApiResults.Json(
                registration.IssueTokens(caller.Application, registered.User),
                SessionsJson.Default.TokenResponse
            ),
            MailSent => ApiResults.True,
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<IResult> Complete(
        BoundRequest<CompleteSignupRequest> bound,
        AppCaller caller,
        SignupCompletion completion,
        SignupPages pages
    )
    {
        var request = bound.Value;
        var fromPage = request.FromPage == true;
        if (
            (await completion.Complete(caller.OnDevice(request.DeviceName), request.Handle, request.Code, opensSession: !fromPage)).Failed(
                out var completed,
                out var refused
            )
        )
        {
            return ApiResults.From(refused);
        }

        return completed.Tokens is { } tokens
            ? ApiResults.Json(tokens, SessionsJson.Default.RegistrationTokenResponse)
            : pages.ClickThrough(caller.Application, completed.User);
    }

    /// <summary>Mail scanners follow links, so opening one only shows a button, unless the application says otherwise.</summary>
    private static async Task<IResult> ShowLink(
        BoundRequest<CompleteSignupRequest> bound,
        AppCaller caller,
        SignupCompletion completion,
        SignupPages pages,
        HttpContext context
    )
    {
        var request = bound.Value;
        if (caller.Application.Settings.LinkCompletes != LinkCompletion.Get || context.IsHead())
        {
            return pages.Confirm(
                caller.Application,
                request.Handle,
                request.Code,
                context.Request.Query[TokenAuthenticationMiddleware.AppTokenQuery].ToString(),
                request.Locale ?? LocaleCodes.Default
            );
        }

        return (await completion.Complete(caller, request.Handle, request.Code, opensSession: false)).Failed(
            out var completed,
            out var refused
        )
            ? ApiResults.From(refused)
            : pages.ClickThrough(caller.Application, completed.User);
    }

    /// <param name="Handle">An e-mail address.</param>
    /// <param name="Password">The password or its MD5 hex, as the application's passwordFormat says.</param>
    /// <param name="MetaData">A JSON document as a string.</param>
    /// <param name="Locale">One of the application's locales; EN by default.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="Passwordless">true for a user without a password, with the setting passwordOptional.</param>
    public sealed record SignupRequest(
        string Handle,
        string? Password,
        string? MetaData,
        string? Locale,
        string? DeviceName,
        bool Passwordless
    ) : IRequest<SignupRequest>
    {
        public static SignupRequest Read(FieldReader fields)
        {
            var passwordless = fields.AddedFlag("passwordless");
            return new(
                fields.Required("handle"),
                passwordless ? fields.Optional("password") : fields.Required("password"),
                fields.Optional("metaData"),
                fields.Optional("locale"),
                fields.Added("deviceName"),
                passwordless
            );
        }
    }

    /// <param name="Handle">The address that signed up.</param>
    /// <param name="Code">The mailed code, or the token of the mailed link.</param>
    /// <param name="FromPage">Sent by the link page's own form.</param>
    /// <param name="Locale">The language of the link's page.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record CompleteSignupRequest(string Handle, string Code, bool? FromPage, string? Locale, string? DeviceName)
        : IRequest<CompleteSignupRequest>
    {
        public static CompleteSignupRequest Read(FieldReader fields) =>
            new(
                fields.Required("handle"),
                fields.RequiredCode("code"),
                fields.OptionalFlag("fromPage"),
                fields.Optional("locale"),
                fields.Added("deviceName")
            );
    }
}
