using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.SocialLogin;
using Latchkey.Applications;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>
/// Signing in with another provider from an app (RFC 8252): the app opens an address of this server in a browser, gets a code back at an
/// address of its own, and exchanges it with its PKCE verifier.
/// </summary>
public sealed class AppSignIn(
    PendingSignIns pending,
    IdentitySignIn identitySignIn,
    SocialUsers socialUsers,
    Database database,
    Issuers issuers,
    KeyRing ring,
    TimeProvider clock
)
{
    /// <summary>The parameter of the address that a browser opens.</summary>
    public const string TicketParameter = "ticket";

    /// <summary>The function, as the log names it.</summary>
    public const string CompleteAction = "providerLoginComplete";

    private const int ChallengeLength = 43;
    private const int MinVerifierLength = 43;
    private const int MaxVerifierLength = 128;
    private const int MaxTextLength = 256;

    /// <summary>
    /// The address that the app opens in a browser. 851 when there is no such provider, 602 for a redirect URI that is not one of the
    /// application's, a challenge that is none, and for texts that are too long.
    /// </summary>
    public Result<string> Begin(AppCaller caller, string alias, AppRequest request)
    {
        var application = caller.Application;
        if (application.IdentityProviders.FirstOrDefault(one => one.Alias == alias && one.Enabled) is not { } provider)
        {
            return ErrorCodes.ProviderDisabled;
        }

        if (!application.Settings.ProviderRedirectUris.Contains(request.RedirectUri, StringComparer.Ordinal))
        {
            return ErrorCodes.InvalidData.WithCause("redirectUri is not one of the setting providerRedirectUris");
        }

        if (request.CodeChallenge.Length != ChallengeLength || !Base64Url.IsValid(request.CodeChallenge))
        {
            return ErrorCodes.InvalidData.WithCause("codeChallenge is not 43 characters of base64url");
        }

        if (request.State is { Length: > MaxTextLength } || request.LoginHint is { Length: > MaxTextLength })
        {
            return ErrorCodes.InvalidData.WithCause("state or loginHint is too long");
        }

        var ticket = new AppTicket(provider.IdentityScope, request, clock.Now() + (long)PendingSignIns.Lifetime.TotalMilliseconds);
        var text = ring.Encrypt(Purpose(application), JsonSerializer.SerializeToUtf8Bytes(ticket, SignInJson.Default.AppTicket));
        return $"{issuers.Of(application)}/{ProviderSignIn.Path}/{alias}/app?{TicketParameter}={text}";
    }

    /// <summary>What an address that a browser has opened asks for; null when it is too old, or not for this provider.</summary>
    public AppRequest? ReadTicket(ProviderCaller caller, IdentityProvider provider, string text) =>
        ring.TryOpen(Purpose(caller.Application), text) is { } json
        && JsonSerializer.Deserialize(json, SignInJson.Default.AppTicket) is { } ticket
        && ticket.IdentityScope == provider.IdentityScope
        && ticket.ExpiresAt > clock.Now()
        && caller.Application.Settings.ProviderRedirectUris.Contains(ticket.Request.RedirectUri, StringComparer.Ordinal)
            ? ticket.Request
            : null;

    /// <summary>The user whom the identity would sign in; errors as <see cref="SocialUsers.Find"/>.</summary>
    public Task<Result<User>> FindUser(Application application, PendingIdentity identity) =>
        database.Read(db => socialUsers.Find(db, application, identity.ToIdentity()));

    /// <summary>A code for the app, good once and for 60 s.</summary>
    public Task<string> IssueCode(Application application, PendingIdentity identity) =>
        pending.IssueCode(application, identity with { TokenHash = Secrets.Hash(Secrets.Token()) });

    /// <summary>
    /// Signs in with a code. 854 when it is used, expired, or the verifier is another's; then as socialLogin: 404, 610, 611, 612, 700.
    /// </summary>
    public async Task<Result<LoginResult>> Complete(AppCaller caller, string code, string verifier, string? deviceToken)
    {
        if (
            verifier.Length is < MinVerifierLength or > MaxVerifierLength
            || await pending.TakeCode(caller.Application, code) is not { App: { } app } identity
            || !Matches(verifier, app.CodeChallenge)
        )
        {
            return ErrorCodes.ProviderSignInEnded.WithCause("the code is used or expired, or the verifier is not the one of its challenge");
        }

        return caller.Application.IdentityProviders.Any(one => one.IdentityScope == identity.IdentityScope && one.Enabled)
            ? await identitySignIn.LogIn(
                caller,
                identity.ToIdentity(),
                deviceToken,
                CompleteAction,
                stored => ClaimMetadata.Apply(identity.FreshMetadata, stored)
            )
            : ErrorCodes.ProviderDisabled;
    }

    /// <summary>Where the browser goes back to.</summary>
    /// <param name="name">code or error.</param>
    public static string AddressOf(AppRequest app, string name, string value) =>
        $"{app.RedirectUri}{(app.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}"
        + (app.State is { } state ? $"&state={Uri.EscapeDataString(state)}" : "");

    /// <summary>What an app is told of an error, in one word.</summary>
    public static string ErrorOf(Error error) =>
        error.Code == ErrorCodes.ProviderSignInCancelled.Code ? "access_denied"
        : SocialUsers.IsAccountExists(error) ? "account_exists"
        : error.Code == ErrorCodes.AccountNotFound.Code ? "account_not_found"
        : error.Code == ErrorCodes.UserSuspended.Code ? "account_suspended"
        : "login_failed";

    private static bool Matches(string verifier, string challenge) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge)
        );

    private static string Purpose(Application application) => $"provider-app-ticket/{application.Id}";
}
