using System.Diagnostics;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

/// <summary>login and loginAnonymous of the app-user API.</summary>
public static class LoginApi
{
    public static void MapLogin(this RouteGroupBuilder api)
    {
        api.MapPost("login", LogIn)
            .RequiresToken(TokenKind.AppOrAccess)
            .Produces<TokenResponse>()
            .WithSummary("Log in by e-mail address or user name.");
        api.MapPost("loginAnonymous", LogInAnonymously)
            .RequiresToken(TokenKind.AppOrAccess)
            .RequiresFeature(s => s.AnonymousLoginEnabled, ErrorCodes.AnonymousLoginDisabled)
            .Produces<TokenResponse>()
            .WithSummary("Log in an anonymous user, or create it.");
    }

    private static async Task<IResult> LogIn(BoundRequest<LoginRequest> bound, AppCaller caller, LoginRules rules, SignIn signIn)
    {
        var result = await rules.LogIn(
            caller.OnDevice(bound.Value.DeviceName),
            bound.Value.Handle,
            new RawPassword(bound.Value.Password),
            bound.Value.DeviceToken
        );
        return Answer(caller, signIn, result);
    }

    /// <summary>The response to a first step: tokens, or a login token that waits for the second factor.</summary>
    public static IResult Answer(AppCaller caller, SignIn signIn, Result<LoginResult> result) =>
        result.Failed(out var answer, out var refused)
            ? ApiResults.From(refused)
            : answer switch
            {
                LoggedIn loggedIn => ApiResults.Json(
                    signIn.IssueTokens(caller.Application, loggedIn.User, loggedIn.Session),
                    SessionsJson.Default.TokenResponse
                ),
                SecondFactorRequired required => ApiResults.Json(required.Answer, TwoFactorJson.Default.LoginTokenAnswer),
                _ => throw new UnreachableException(),
            };

    private static async Task<IResult> LogInAnonymously(
        BoundRequest<AnonymousLoginRequest> bound,
        AppCaller caller,
        AnonymousLogin rules
    ) =>
        ApiResults.From(await rules.LogIn(caller.OnDevice(bound.Value.DeviceName), bound.Value.Handle), SessionsJson.Default.TokenResponse);

    /// <param name="Handle">An e-mail address or a user name.</param>
    /// <param name="Password">The password or its MD5 hex.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="DeviceToken">What loginComplete answered when the device was remembered.</param>
    public sealed record LoginRequest(string Handle, string Password, string? DeviceName, string? DeviceToken) : IRequest<LoginRequest>
    {
        public static LoginRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.Required("password"), fields.Added("deviceName"), fields.Added("deviceToken"));
    }

    /// <param name="Handle"><c>ANON_</c> and 1–64 letters, digits or dashes, made up by the app.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record AnonymousLoginRequest(string Handle, string? DeviceName) : IRequest<AnonymousLoginRequest>
    {
        public static AnonymousLoginRequest Read(FieldReader fields) => new(fields.Required("handle"), fields.Added("deviceName"));
    }
}
