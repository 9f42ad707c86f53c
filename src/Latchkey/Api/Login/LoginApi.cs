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
        api.MapPost("login", LogIn).Takes(TokenKind.App).Produces<SignedIn>()
            .WithSummary("Log in by e-mail address or user name.");
        api.MapPost("loginAnonymous", LogInAnonymously).Takes(TokenKind.App).Needs(s => s.AnonymousLoginEnabled, ErrorCodes.AnonymousLoginOff).Produces<SignedIn>()
            .WithSummary("Log in, or make, a user without an address.");
    }

    private static async Task<IResult> LogIn(Asked<LoginRequest> asked, AppCaller caller, LoginRules rules)
    {
        var (answer, refused) = await rules.LogIn(caller, asked.Value.Handle, new RawPassword(asked.Value.Password));
        return answer switch
        {
            LoggedIn loggedIn => Answers.Object(loggedIn.Tokens, SessionsJson.Default.SignedIn),
            SecondFactorRequired required => Answers.Object(new LoginTokenAnswer(required.LoginToken), TwoFactorJson.Default.LoginTokenAnswer),
            _ => Answers.Of(refused!),
        };
    }

    private static async Task<IResult> LogInAnonymously(Asked<AnonymousLoginRequest> asked, AppCaller caller, AnonymousLogin rules) =>
        Answers.Of(await rules.LogIn(caller, asked.Value.Handle), SessionsJson.Default.SignedIn);

    /// <param name="Handle">An e-mail address or a user name.</param>
    /// <param name="Password">The password or its MD5 hex.</param>
    public sealed record LoginRequest(string Handle, string Password) : IRequest<LoginRequest>
    {
        public static LoginRequest Read(FieldReader fields) => new(fields.Required("handle"), fields.Required("password"));
    }

    /// <param name="Handle"><c>ANON_</c> and 1–64 letters, digits or dashes, made up by the app.</param>
    public sealed record AnonymousLoginRequest(string Handle) : IRequest<AnonymousLoginRequest>
    {
        public static AnonymousLoginRequest Read(FieldReader fields) => new(fields.Required("handle"));
    }
}
