using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Reads authorization requests (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2). First whose it is and where
/// the answer goes: an error in these two is shown to the user. Then all else: the client is told by redirect.
/// </summary>
public static partial class AuthorizationRequestReader
{
    private const int MaxLocales = 10;

    /// <summary>All parameters that mean something; others are ignored.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "login_hint",
        "idp_hint",
        "id_token_hint",
        "ui_locales",
        "claims",
        "code_challenge",
        "code_challenge_method",
        "dpop_jkt",
        "resource",
        "request",
        "request_uri",
    ];

    /// <summary>Where the answer goes. invalid_request, to be shown to the user, if that is nowhere.</summary>
    /// <param name="client">The client of <c>client_id</c>; null if there is none.</param>
    /// <param name="pairs">All parameters, also those that come twice or are empty.</param>
    public static Result<AnswerAddress> FindTarget(Client? client, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (ReadOnce(pairs, "client_id").Failed(out var clientId, out var noClientId))
        {
            return noClientId;
        }

        if (client is null || client.Id != clientId)
        {
            return OAuthErrors.InvalidRequest with { Message = "The client is unknown." };
        }

        return ReadOnce(pairs, "redirect_uri").Failed(out var uri, out var noUri) ? noUri
            : !RedirectUris.IsRegistered(client, uri)
                ? OAuthErrors.InvalidRequest with
                {
                    Message = "The redirect_uri is not registered for the client.",
                }
            : new AnswerAddress(
                uri,
                pairs.Count(pair => pair.Key == "state") == 1 ? Find(pairs, "state") : null,
                Find(pairs, "response_mode") == "form_post"
            );
    }

    /// <summary>The request of a client whose answer has an address. Errors are for the client.</summary>
    public static Result<AuthorizationRequest> Read(
        ProviderCaller caller,
        Client client,
        AnswerAddress to,
        IReadOnlyList<KeyValuePair<string, string>> pairs
    )
    {
        if (OAuthParameters.From(pairs).Failed(out var parameters, out var repeated))
        {
            return repeated;
        }

        if (FindProblem(client, parameters) is { } problem)
        {
            return problem;
        }

        if (RequestedScopes.Read(caller, client, parameters).Failed(out var scopes, out var badScope))
        {
            return badScope;
        }

        if (ClaimsParameter.Parse(parameters["claims"]).Failed(out var claims, out var badClaims))
        {
            return badClaims;
        }

        if (ReadSubject(caller, parameters["id_token_hint"], claims).Failed(out var subject, out var badHint))
        {
            return badHint;
        }

        return new AuthorizationRequest
        {
            ClientId = client.Id,
            RedirectUri = to.RedirectUri,
            State = to.State,
            IsFormPost = to.IsForm,
            Scopes = scopes,
            Resources = parameters.Values("resource"),
            Nonce = parameters["nonce"],
            Prompts = Words(parameters["prompt"]),
            MaxAge = parameters["max_age"] is { } age ? long.Parse(age, CultureInfo.InvariantCulture) : null,
            LoginHint = parameters["login_hint"],
            ProviderHint = parameters["idp_hint"],
            Subject = subject.Id,
            UiLocales = [.. Words(parameters["ui_locales"]).Take(MaxLocales)],
            EssentialAcr = claims.EssentialAcr,
            Claims = parameters["claims"],
            CodeChallenge = parameters["code_challenge"],
            DpopKey = parameters["dpop_jkt"],
        };
    }

    private static Error? FindProblem(Client client, OAuthParameters parameters) =>
        parameters.Has("request") ? OAuthErrors.RequestNotSupported
        : parameters.Has("request_uri") ? OAuthErrors.RequestUriNotSupported
        : parameters["response_type"] is not { } type ? Invalid("response_type is missing.")
        : type != "code" ? OAuthErrors.UnsupportedResponseType
        : !client.HasGrant(GrantType.AuthorizationCode) ? OAuthErrors.UnauthorizedClient
        : parameters["response_mode"] is not (null or "query" or "form_post") ? Invalid("The response_mode must be query or form_post.")
        : FindPkceProblem(client, parameters) is { } problem ? problem
        : FindPromptProblem(Words(parameters["prompt"])) is { } badPrompt ? badPrompt
        : parameters["max_age"] is { } age && !Seconds().IsMatch(age) ? Invalid("max_age is not a number of seconds.")
        : parameters["dpop_jkt"] is { } key && !Sha256().IsMatch(key) ? Invalid("dpop_jkt is not a thumbprint.")
        : null;

    /// <summary>S256 only; a challenge without a method would be plain (RFC 7636 §4.3).</summary>
    private static Error? FindPkceProblem(Client client, OAuthParameters parameters) =>
        (parameters["code_challenge"], parameters["code_challenge_method"]) switch
        {
            (null, null) => client.RequiresPkce ? Invalid("code_challenge is missing.") : null,
            (null, _) => Invalid("code_challenge is missing."),
            (_, not "S256") => Invalid("The code_challenge_method must be S256."),
            (var challenge, _) => Sha256().IsMatch(challenge) ? null : Invalid("code_challenge is not 43 characters of base64url."),
        };

    private static Error? FindPromptProblem(IReadOnlyList<string> prompts) =>
        prompts.Contains(Prompt.None, StringComparer.Ordinal) && prompts.Count > 1 ? Invalid("The prompt none stands alone.")
        : prompts.All(Prompt.All.Contains) ? null
        : Invalid("The prompt is unknown.");

    /// <summary>The only user who may answer, by both parameters that can name one.</summary>
    private static Result<NamedSubject> ReadSubject(ProviderCaller caller, string? hint, ClaimsParameter claims)
    {
        if (hint is null)
        {
            return new NamedSubject(claims.Subject);
        }

        return IdTokens.ReadHint(caller.Application, caller.Issuer, hint) is not { } token
                ? Invalid("id_token_hint is not an ID token of this issuer.")
            : claims.Subject is { } other && other != token.Subject ? Invalid("id_token_hint and claims name different users.")
            : new NamedSubject(token.Subject);
    }

    private static Result<string> ReadOnce(IReadOnlyList<KeyValuePair<string, string>> pairs, string name) =>
        pairs.Count(pair => pair.Key == name) > 1 ? Invalid($"{name} comes twice.")
        : Find(pairs, name) is { Length: > 0 } value ? value
        : Invalid($"{name} is missing.");

    private static string? Find(IReadOnlyList<KeyValuePair<string, string>> pairs, string name) =>
        pairs.FirstOrDefault(pair => pair.Key == name).Value is { Length: > 0 } value && Field.IsStorable(value) ? value : null;

    private static IReadOnlyList<string> Words(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Error Invalid(string message) => OAuthErrors.InvalidRequest with { Message = message };

    [GeneratedRegex(@"^[0-9]{1,12}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Seconds();

    /// <summary>A SHA-256 in base64url.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sha256();

    /// <param name="Id">The user's id; null for anybody.</param>
    private readonly record struct NamedSubject(string? Id);
}
