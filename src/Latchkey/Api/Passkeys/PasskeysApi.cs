using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Administration;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Passkeys;

/// <summary>Passkeys: our extension of the app-user API. docs/passkeys.md has the requests in their order.</summary>
public static class PasskeysApi
{
    public static void MapPasskeys(this RouteGroupBuilder api)
    {
        var passkeys = api.MapGroup("").RequiresFeature(s => s.PasskeysEnabled, ErrorCodes.PasskeysDisabled);
        passkeys
            .MapPost("passkeyLoginOptions", AskForLogin)
            .RequiresToken(TokenKind.AppOrAccess)
            .Produces<PasskeyOptions>()
            .WithSummary("Get the options for signing in with a passkey. With a login token: for the second factor of that login.");
        passkeys
            .MapPost("passkeyLogin", LogIn)
            .RequiresToken(TokenKind.AppOrAccess)
            .Produces<TokenResponse>()
            .WithSummary("Sign in with a passkey. No user name is needed.");
        var own = passkeys.MapGroup("").RequiresToken(TokenKind.Access);
        own.MapPost("passkeyOptions", AskForRegistration)
            .Produces<PasskeyOptions>()
            .WithSummary("Get the options for a new passkey. Needs a proof in the last 15 minutes (710).");
        own.MapPost("passkeyRegister", Register).Produces<RegisteredPasskeyAnswer>().WithSummary("Store the new passkey.");
        own.MapGet("passkeys", List)
            .Produces<PasskeysAnswer>()
            .WithSummary("List the user's passkeys, and what password managers must know to tidy theirs.");
        own.MapPost("passkeyRename", Rename).WithSummary("Rename a passkey.");
        own.MapPost("passkeyDelete", Delete)
            .WithSummary("Delete a passkey. Needs a proof in the last 15 minutes (710). The last way to sign in stays (719).");
    }

    private static async Task<IResult> AskForLogin(BoundRequest<LoginOptionsRequest> bound, AppCaller caller, PasskeyLogin login) =>
        ApiResults.From(await login.Ask(caller, bound.Value.LoginToken), PasskeysJson.Default.PasskeyOptions);

    private static async Task<IResult> LogIn(BoundRequest<LoginRequest> bound, AppCaller caller, PasskeyLogin login)
    {
        var request = bound.Value;
        return ApiResults.From(
            await login.LogIn(caller.OnDevice(request.DeviceName), request.RequestToken, request.Credential),
            SessionsJson.Default.TokenResponse
        );
    }

    private static async Task<IResult> AskForRegistration(UserCaller caller, PasskeyRegistration registration) =>
        ApiResults.From(await registration.Ask(caller), PasskeysJson.Default.PasskeyOptions);

    private static async Task<IResult> Register(BoundRequest<RegisterRequest> bound, UserCaller caller, PasskeyRegistration registration)
    {
        var request = bound.Value;
        return ApiResults.From(
            await registration.Register(caller, request.RequestToken, request.Credential, request.Name),
            PasskeysJson.Default.RegisteredPasskeyAnswer
        );
    }

    private static async Task<IResult> List(UserCaller caller, UserPasskeys passkeys) =>
        ApiResults.Json(
            PasskeysAnswer.From(caller.Application, await passkeys.List(caller.Application.Id, caller.User)),
            PasskeysJson.Default.PasskeysAnswer
        );

    private static async Task<IResult> Rename(BoundRequest<RenameRequest> bound, UserCaller caller, UserPasskeys passkeys) =>
        ApiResults.From(await passkeys.Rename(caller.User, bound.Value.Id, bound.Value.Name, ActorOf(caller)));

    private static async Task<IResult> Delete(BoundRequest<DeleteRequest> bound, UserCaller caller, PasskeyDeletion deletion) =>
        ApiResults.From(await deletion.Delete(caller, bound.Value.Id));

    private static Actor ActorOf(UserCaller caller) => new(AuditEntry.ByUser, caller.Client.Address);

    /// <param name="LoginToken">What login answered, if a passkey is to be its second factor.</param>
    public sealed record LoginOptionsRequest(string? LoginToken) : IRequest<LoginOptionsRequest>
    {
        public static LoginOptionsRequest Read(FieldReader fields) => new(fields.Optional("loginToken"));
    }

    /// <param name="RequestToken">What passkeyLoginOptions answered.</param>
    /// <param name="Credential">The browser's answer (AuthenticationResponseJSON): a JSON object, or its text.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record LoginRequest(string RequestToken, string Credential, string? DeviceName) : IRequest<LoginRequest>
    {
        public static LoginRequest Read(FieldReader fields) =>
            new(fields.Required("requestToken"), fields.RequiredObject("credential"), fields.Optional("deviceName"));
    }

    /// <param name="RequestToken">What passkeyOptions answered.</param>
    /// <param name="Credential">The browser's answer (RegistrationResponseJSON): a JSON object, or its text.</param>
    /// <param name="Name">What the user calls the passkey; if absent, the name of its password manager.</param>
    public sealed record RegisterRequest(string RequestToken, string Credential, string? Name) : IRequest<RegisterRequest>
    {
        public static RegisterRequest Read(FieldReader fields) =>
            new(fields.Required("requestToken"), fields.RequiredObject("credential"), fields.Optional("name"));
    }

    /// <param name="Id">As passkeys lists it.</param>
    /// <param name="Name">1 to 64 characters on one line.</param>
    public sealed record RenameRequest(string Id, string Name) : IRequest<RenameRequest>
    {
        public static RenameRequest Read(FieldReader fields) => new(fields.Required("id"), fields.Required("name"));
    }

    /// <param name="Id">As passkeys lists it.</param>
    public sealed record DeleteRequest(string Id) : IRequest<DeleteRequest>
    {
        public static DeleteRequest Read(FieldReader fields) => new(fields.Required("id"));
    }
}
