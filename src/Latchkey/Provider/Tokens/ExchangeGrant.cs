using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// The grant type token exchange (RFC 8693): a confidential client that was named for it swaps a user's access token for one at another
/// API. The new token is of the same grant, so it ends with the user's session; it can do no more and lives no longer than the old one.
/// </summary>
public sealed class ExchangeGrant(ExchangeReader reader, AccessTokens accessTokens, Database database, AuditStore audit, TimeProvider clock)
{
    /// <summary>
    /// invalid_request for tokens that are not in order; invalid_target for an API that the client may not exchange for; invalid_scope for
    /// scopes that the subject token has not, and where none of its scopes belongs to that API.
    /// </summary>
    public async Task<Result<TokenAnswer>> Issue(TokenRequest request)
    {
        if (request.Client.IsPublic)
        {
            return OAuthErrors.UnauthorizedClient.WithCause("a public client cannot exchange tokens");
        }

        if ((await reader.Read(request)).Failed(out var tokens, out var refused))
        {
            return refused;
        }

        if (Select(request, tokens.Subject.Token).Failed(out var target, out refused))
        {
            return refused;
        }

        await database.Write(db => audit.Add(db, Entry(request, tokens, target)));
        return Write(request, Token(request, tokens, target));
    }

    private static Result<TokenTarget> Select(TokenRequest request, ProviderAccessToken subject)
    {
        var allowed = request.Client.Settings.ExchangeAudiences;
        IReadOnlyList<string> asked = [.. request.Parameters.Values("resource"), .. request.Parameters.Values("audience")];
        asked = asked.Count == 0 && allowed is [var only] ? [only] : asked;
        if (asked.Count == 0 || asked.Except(allowed, StringComparer.Ordinal).Any())
        {
            return OAuthErrors.InvalidTarget.WithCause($"the client {request.Client.Id} may not exchange tokens for this");
        }

        var scopes = UserScopes.Split(request.Parameters["scope"]);
        if (scopes.Except(subject.Scopes, StringComparer.Ordinal).Any())
        {
            return OAuthErrors.InvalidScope with { Message = "The subject token lacks a scope that was asked for." };
        }

        var selection = new ResourceSelection(request.Caller.Application, request.Caller.Issuer);
        return selection.Select(scopes.Count > 0 ? scopes : subject.Scopes, asked, allowed).Failed(out var target, out var refused)
                ? refused
            : scopes.Count > 0 && target.Scope.Length == 0
                ? OAuthErrors.InvalidScope with
                {
                    Message = "The scope means nothing at this resource.",
                }
            : target; // without a scope it says who the user is and who acts for them, and grants nothing
    }

    private ProviderAccessToken Token(TokenRequest request, ExchangeTokens tokens, TokenTarget target)
    {
        var (subject, now) = (tokens.Subject.Token, clock.Now() / 1000);
        return subject with
        {
            Id = AccessTokens.NewId(subject.GrantId),
            ClientId = request.Client.Id,
            Audiences = target.Audiences,
            Scope = target.Scope,
            IssuedAt = now,
            ExpiresAt = Math.Min(subject.ExpiresAt, now + target.Seconds),
            DpopKey = request.DpopKey,
            Actor = tokens.Actor is { } actor ? ActorClaim(actor.Subject, subject.Actor) : subject.Actor,
        };
    }

    private TokenAnswer Write(TokenRequest request, ProviderAccessToken token) =>
        new()
        {
            AccessToken = accessTokens.Write(
                request.Caller.Application,
                request.Caller.Issuer,
                token,
                request.Client.Settings.OpaqueTokens
            ),
            TokenType = token.TokenType,
            ExpiresIn = token.ExpiresAt - token.IssuedAt,
            Scope = token.Scope,
            IssuedTokenType = ExchangeReader.AccessTokenType,
        };

    /// <summary>The actor of now, with the earlier ones inside (§4.1). Those only inform.</summary>
    private static string ActorClaim(string actor, string? before)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("sub"u8, actor);
            if (before is not null)
            {
                json.WritePropertyName("act"u8);
                json.WriteRawValue(before);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Who for whom.</summary>
    private static AuditEntry Entry(TokenRequest request, ExchangeTokens tokens, TokenTarget target)
    {
        var handle = tokens.Subject.Found?.User.Handle ?? "";
        var actor = tokens.Actor is { } acting ? $"{acting.Subject} by {request.Client.Id}" : request.Client.Id;
        return new AuditEntry(request.Caller.Application.Id, "exchangeToken", handle, request.Caller.Client.Address)
        {
            Detail = $"client {actor}, token of {tokens.Subject.Token.ClientId}, for {string.Join(' ', target.Audiences)}",
        };
    }
}
