using System.Diagnostics;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.SocialLogin;

/// <summary>socialSignup and socialLogin of the app-user API.</summary>
public static class SocialLoginApi
{
    public static void MapSocialLogin(this RouteGroupBuilder api)
    {
        api.MapPost("socialSignup", SignUp)
            .RequiresToken(TokenKind.AppOrAccess, allowsUpgrade: true)
            .RequiresFeature(s => s.SignupEnabled, ErrorCodes.SignupDisabled)
            .Produces<TokenResponse>()
            .WithSummary("Sign up with an ID token from Apple or Google.");
        api.MapPost("socialLogin", LogIn)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .Produces<SocialTokenResponse>()
            .WithSummary("Log in with an ID token from Apple or Google. If a second factor is needed, the answer is a login token.");
    }

    private static async Task<IResult> SignUp(
        BoundRequest<SocialSignupRequest> bound,
        AppCaller caller,
        SocialRules rules,
        CancellationToken stop
    )
    {
        var request = bound.Value;
        return ApiResults.From(
            await rules.SignUp(
                caller.OnDevice(request.DeviceName),
                new SocialSignupInput(request.Provider, request.Token, request.Handle, request.MetaData, request.Locale, request.Nonce),
                stop
            ),
            SessionsJson.Default.TokenResponse
        );
    }

    private static async Task<IResult> LogIn(
        BoundRequest<SocialLoginRequest> bound,
        AppCaller caller,
        SocialRules rules,
        CancellationToken stop
    )
    {
        var request = bound.Value;
        var result = await rules.LogIn(
            caller.OnDevice(request.DeviceName),
            new SocialLoginInput(request.Provider, request.Token, request.Nonce, request.DeviceToken),
            stop
        );
        if (result.Failed(out var answer, out var refused))
        {
            return ApiResults.From(refused);
        }

        return answer switch
        {
            SocialLoggedIn loggedIn => ApiResults.Json(loggedIn.Tokens, SocialJson.Default.SocialTokenResponse),
            SecondFactorRequired required => ApiResults.Json(required.Answer, TwoFactorJson.Default.LoginTokenAnswer),
            _ => throw new UnreachableException(),
        };
    }

    /// <param name="Provider">apple or google.</param>
    /// <param name="Token">The provider's ID token.</param>
    /// <param name="Handle">The token's own address.</param>
    /// <param name="MetaData">A JSON document as a string.</param>
    /// <param name="Locale">One of the application's locales; EN by default.</param>
    /// <param name="Nonce">What the app asked the provider to put into the token, if it did.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record SocialSignupRequest(
        string Provider,
        string Token,
        string Handle,
        string? MetaData,
        string? Locale,
        string? Nonce,
        string? DeviceName
    ) : IRequest<SocialSignupRequest>
    {
        public static SocialSignupRequest Read(FieldReader fields) =>
            new(
                fields.Required("provider"),
                fields.Required("token"),
                fields.Required("handle"),
                fields.Optional("metaData"),
                fields.Optional("locale"),
                fields.Optional("nonce"),
                fields.Added("deviceName")
            );
    }

    /// <param name="Provider">apple or google.</param>
    /// <param name="Token">The provider's ID token.</param>
    /// <param name="Nonce">What the app asked the provider to put into the token, if it did.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="DeviceToken">What loginComplete answered when the device was remembered.</param>
    public sealed record SocialLoginRequest(string Provider, string Token, string? Nonce, string? DeviceName, string? DeviceToken)
        : IRequest<SocialLoginRequest>
    {
        public static SocialLoginRequest Read(FieldReader fields) =>
            new(
                fields.Required("provider"),
                fields.Required("token"),
                fields.Optional("nonce"),
                fields.Added("deviceName"),
                fields.Added("deviceToken")
            );
    }
}
