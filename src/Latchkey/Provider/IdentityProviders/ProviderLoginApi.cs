using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>providerLogin and providerLoginComplete: for apps that sign in with another provider; our extension of the API.</summary>
public static class ProviderLoginApi
{
    public static void MapProviderLogin(this RouteGroupBuilder api)
    {
        api.MapPost("providerLogin", Begin)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .WithSummary("Get the address to open in a browser, to sign in with another provider. 851 when the provider is not available.");
        api.MapPost("providerLoginComplete", Complete)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .Produces<TokenResponse>()
            .WithSummary(
                "Log in with the code that the browser came back with. If a second factor is needed, the answer is a login token."
            );
    }

    private static IResult Begin(BoundRequest<BeginRequest> bound, AppCaller caller, AppSignIn apps)
    {
        var request = bound.Value;
        var begun = apps.Begin(
            caller,
            request.Provider,
            new AppRequest(request.RedirectUri, request.CodeChallenge, request.State, request.LoginHint)
        );
        return begun.Failed(out var url, out var refused)
            ? ApiResults.From(refused)
            : ApiResults.RawJson(Cryptography.Jwt.WriteObject(json => json.WriteString("url"u8, url)).ToArray());
    }

    private static async Task<IResult> Complete(BoundRequest<CompleteRequest> bound, AppCaller caller, AppSignIn apps, SignIn signIn)
    {
        var request = bound.Value;
        var from = caller.OnDevice(request.DeviceName);
        return LoginApi.Answer(from, signIn, await apps.Complete(from, request.Code, request.CodeVerifier, request.DeviceToken));
    }

    /// <param name="Provider">The provider's alias.</param>
    /// <param name="RedirectUri">One of the setting providerRedirectUris, exactly.</param>
    /// <param name="CodeChallenge">The SHA-256 of the verifier in base64url (RFC 7636, S256).</param>
    /// <param name="State">What comes back with the code.</param>
    /// <param name="LoginHint">The address that the app knows.</param>
    public sealed record BeginRequest(string Provider, string RedirectUri, string CodeChallenge, string? State, string? LoginHint)
        : IRequest<BeginRequest>
    {
        public static BeginRequest Read(FieldReader fields) =>
            new(
                fields.Required("provider"),
                fields.Required("redirectUri"),
                fields.Required("codeChallenge"),
                fields.Optional("state"),
                fields.Optional("loginHint")
            );
    }

    /// <param name="Code">As the redirect URI got it; good once, for 60 seconds.</param>
    /// <param name="CodeVerifier">Of the challenge.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="DeviceToken">What loginComplete answered when the device was remembered.</param>
    public sealed record CompleteRequest(string Code, string CodeVerifier, string? DeviceName, string? DeviceToken)
        : IRequest<CompleteRequest>
    {
        public static CompleteRequest Read(FieldReader fields) =>
            new(fields.Required("code"), fields.Required("codeVerifier"), fields.Added("deviceName"), fields.Added("deviceToken"));
    }
}
