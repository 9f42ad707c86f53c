using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Api.SocialLogin;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>
/// Signing in with another provider: the way there with state, nonce and PKCE, and what came back (RFC 6749 §4.1, RFC 7636, RFC 9207,
/// RFC 9700 §2.1 and §4.4).
/// </summary>
public sealed class ProviderSignIn(
    ProviderDiscovery discovery,
    ProviderExchange exchange,
    PendingSignIns pending,
    RateLimits limits,
    TimeProvider clock
)
{
    /// <summary>The function, as the log names it.</summary>
    public const string Action = "providerLogin";

    /// <summary>The path of a provider's pages below the issuer.</summary>
    public const string Path = "login/via";

    private const int MaxStateLength = 100;
    private const int MaxCodeLength = 4_000;

    /// <summary>The application's provider with this alias; 851 when it has none, or it is off.</summary>
    public static Result<(IdentityProvider Provider, ProviderTemplate Template)> Find(ProviderCaller caller, string alias) =>
        caller.Application.IdentityProviders.FirstOrDefault(one => one.Alias == alias && one.Enabled) is { } provider
        && ProviderCatalogue.Find(provider.Template) is { } template
            ? (provider, template)
            : ErrorCodes.ProviderDisabled.WithCause(ProviderProblem.Clean($"no provider {alias}, or it is off"));

    /// <summary>Where the provider sends the browser back to.</summary>
    public static string CallbackOf(ProviderCaller caller, string alias) => $"{caller.Issuer}/{Path}/{alias}/callback";

    /// <summary>
    /// The address of the provider, for a browser that is remembered. 851 when there is no such provider, 852 when it cannot be asked, 700
    /// when its network began too many.
    /// </summary>
    /// <param name="seed">What it is for. Its provider, callback, nonce and verifier are filled in here.</param>
    public async Task<Result<string>> Begin(HttpContext context, ProviderCaller caller, string alias, BegunSignIn seed, ProviderHints hints)
    {
        if (Find(caller, alias).Failed(out var found, out var off))
        {
            return off;
        }

        var network = new RateLimitRequest(DefaultLimits.ProviderSignInsPerNetwork, caller.Client.Network);
        if (await limits.TryAcquire(caller.Application.Id, network) is { } tooMany)
        {
            return tooMany;
        }

        var (provider, template) = found;
        if ((await discovery.Find(provider, template)).Failed(out var endpoints, out var unknown))
        {
            return unknown;
        }

        var begun = seed with
        {
            IdentityScope = provider.IdentityScope,
            Callback = CallbackOf(caller, alias),
            Nonce = template is { Protocol: ProviderProtocol.Oidc, SendsNonce: true } ? Secrets.Token() : null,
            Verifier = template.SendsPkce ? Secrets.Token() : null,
            FreshSince = hints.MaxAge is { } seconds ? clock.Now() - (seconds * 1000) : null,
        };
        var state = await pending.Begin(context, caller.Application, begun);
        return AuthorizationAddress.Create(endpoints.Authorization, provider, template, begun, state, hints);
    }

    /// <summary>
    /// What came back, and who it is. The sign-in of the state is used up whatever comes of it; it is null if there is none: 854. 853 when
    /// the user or the provider broke off, 852 when anything does not hold.
    /// </summary>
    public async Task<(BegunSignIn? Begun, Result<PendingIdentity> Result)> Complete(
        HttpContext context,
        ProviderCaller caller,
        string alias,
        OAuthParameters answer
    )
    {
        if (
            answer["state"] is not { Length: <= MaxStateLength } state
            || await pending.TakeBegun(context, caller.Application, state) is not { } begun
        )
        {
            return (
                null,
                ErrorCodes.ProviderSignInEnded.WithCause("no sign-in of this browser has the state, or it was used or is too old")
            );
        }

        return (begun, await Complete(caller, alias, begun, state, answer));
    }

    private async Task<Result<PendingIdentity>> Complete(
        ProviderCaller caller,
        string alias,
        BegunSignIn begun,
        string state,
        OAuthParameters answer
    )
    {
        if (Find(caller, alias).Failed(out var found, out var off))
        {
            return off;
        }

        var (provider, template) = found;
        if (provider.IdentityScope != begun.IdentityScope)
        {
            return ProviderProblem.Failed("the answer came to another provider's address (mix-up)");
        }

        if ((await discovery.Find(provider, template)).Failed(out var endpoints, out var unknown))
        {
            return unknown;
        }

        if (FindProblem(endpoints, answer) is { } problem)
        {
            return problem;
        }

        var code = new ProviderCode(answer["code"] ?? "", answer["user"]);
        return (await exchange.Exchange(provider, template, endpoints, begun, code)).Failed(out var person, out var refused) ? refused
            : IsStale(begun, person) ? ErrorCodes.ProviderSignInTooOld.WithCause("the sign-in at the provider is older than it may be")
            : Prove(provider, caller.Application.Settings, begun, state, person);
    }

    /// <summary>A provider that does not say when counts as asked: nobody could tell (ADR 53).</summary>
    private static bool IsStale(BegunSignIn begun, ProvedPerson person) =>
        person.AuthenticatedAt < begun.FreshSince - IdTokenClaims.ClockSkewSeconds * 1000;

    /// <summary>RFC 9207 §2.4 first: an answer of another issuer says nothing.</summary>
    private static Error? FindProblem(ProviderEndpoints endpoints, OAuthParameters answer) =>
        answer["iss"] is { } issuer && endpoints.Issuer.Length > 0 && !IsPattern(endpoints.Issuer) && issuer != endpoints.Issuer
            ? ProviderProblem.Failed("the answer names another issuer (mix-up)")
        : endpoints.NamesIssuer && answer["iss"] is null ? ProviderProblem.Failed("the answer lacks its issuer (iss)")
        : answer["error"] is { } error ? Refusal(error, answer["error_description"])
        : answer["code"] is not { Length: <= MaxCodeLength } ? ProviderProblem.Failed("the answer has no code")
        : null;

    /// <summary>One document for many tenants: only tokens name the issuer.</summary>
    private static bool IsPattern(string issuer) => issuer.Contains('{', StringComparison.Ordinal);

    private static Error Refusal(string error, string? description) =>
        error is "access_denied" or "user_cancelled_login" or "user_cancelled_authorize" or "user_cancelled_authorize_request"
            ? ErrorCodes.ProviderSignInCancelled.WithCause(ProviderProblem.Clean($"{error}: {description}"))
            : ProviderProblem.Failed($"the provider answered {error}: {description}");

    private PendingIdentity Prove(
        IdentityProvider provider,
        ApplicationSettings settings,
        BegunSignIn begun,
        string state,
        ProvedPerson person
    )
    {
        var profile = person.Profile;
        return new PendingIdentity
        {
            IdentityScope = provider.IdentityScope,
            Provider = provider.Alias,
            Subject = profile.Subject,
            VerifiedEmail = profile.EmailVerified ? profile.Email?.Text : null,
            KnownEmail = profile.Email?.Text,
            TokenHash = person.IdToken is { } token ? UsedIdTokens.Hash(token) : Secrets.Hash($"provider code\n{state}"),
            TokenEndsAt = clock.Now() + (long)PendingSignIns.Lifetime.TotalMilliseconds,
            Locale = profile.Locale,
            Metadata = ClaimMetadata.AtSignUp(provider, settings, profile),
            FreshMetadata = ClaimMetadata.ValuesAtSignIn(provider, settings, profile),
            AuthenticatedAt = person.AuthenticatedAt is { } at ? Math.Min(at, clock.Now()) : null,
            Purpose = begun.Purpose,
            SessionId = begun.SessionId,
            App = begun.App,
        };
    }
}
