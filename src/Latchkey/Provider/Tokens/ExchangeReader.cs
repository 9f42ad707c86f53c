using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Reads the tokens of an exchange, and checks who may act for whom (RFC 8693 §2.1 and §4). Faults of the tokens are invalid_request, as
/// §2.2.2 demands.
/// </summary>
public sealed class ExchangeReader(LiveTokens tokens)
{
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    public async Task<Result<ExchangeTokens>> Read(TokenRequest request)
    {
        if (CheckTypes(request.Parameters) is { } malformed)
        {
            return malformed;
        }

        if (await Find(request, "subject_token") is not { Found: not null } subject)
        {
            return Invalid("The subject token is not a valid access token of a user.");
        }

        var actor = await Find(request, "actor_token");
        return request.Parameters.Has("actor_token") && actor is not { Found: null }
                ? Invalid("The actor token is not a valid access token of a service.")
            : !IsMeantFor(request, subject.Token) ? Invalid("The subject token is not meant for this client.")
            : Check(request, subject.Token, actor?.Token) is { } refused ? refused
            : new ExchangeTokens(subject, actor?.Token);
    }

    private static Error? CheckTypes(OAuthParameters parameters) =>
        !parameters.Has("subject_token") ? Invalid("subject_token is missing.")
        : parameters["subject_token_type"] is not (AccessTokenType or JwtType)
            ? Invalid("subject_token_type must be that of access tokens or JWTs.")
        : parameters.Has("actor_token") != parameters.Has("actor_token_type") ? Invalid("actor_token and actor_token_type belong together.")
        : parameters["actor_token_type"] is not (null or AccessTokenType or JwtType)
            ? Invalid("actor_token_type must be that of access tokens or JWTs.")
        : parameters["requested_token_type"] is not (null or AccessTokenType)
            ? Invalid("requested_token_type must be that of access tokens.")
        : null;

    private static Error? Check(TokenRequest request, ProviderAccessToken subject, ProviderAccessToken? actor) =>
        !IsProved(request, subject) || (actor is not null && !IsProved(request, actor))
            ? OAuthErrors.InvalidDpopProof with
            {
                Message = "The token is bound to a key. Send a DPoP proof of that key.",
            }
        : !MayAct(subject, actor?.Subject ?? request.Client.Id) ? Invalid("The subject token does not let this actor act.")
        : null;

    /// <summary>A token that came to the client rightly: it is for the issuer, or for one of the client's own resources.</summary>
    private static bool IsMeantFor(TokenRequest request, ProviderAccessToken token) =>
        token.Audiences.Any(audience =>
            audience == request.Caller.Issuer || request.Client.Settings.Resources.Contains(audience, StringComparer.Ordinal)
        );

    private static bool IsProved(TokenRequest request, ProviderAccessToken token) =>
        token.DpopKey is null || token.DpopKey == request.DpopKey;

    /// <summary>Whether the token's rule names the actor, if it has a rule (§4.4).</summary>
    private static bool MayAct(ProviderAccessToken subject, string actor)
    {
        if (subject.MayAct is not { } rule)
        {
            return true;
        }

        using var document = JsonDocument.Parse(rule);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.GetStringOrNull("sub") == actor;
    }

    private async Task<LiveToken?> Find(TokenRequest request, string name) =>
        request.Parameters[name] is { } text ? await tokens.Find(request.Caller.Application, request.Caller.Issuer, text) : null;

    private static Error Invalid(string message) => OAuthErrors.InvalidRequest with { Message = message };
}
