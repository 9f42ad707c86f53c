namespace Latchkey.Provider.Tokens;

/// <summary>An access token of the provider (RFC 9068). Times in unix seconds.</summary>
public sealed record ProviderAccessToken
{
    /// <summary>The claim <c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The user's id, or the client's own where there is no user.</summary>
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Resource indicators, or the issuer alone.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>With spaces between the scopes; empty for none.</summary>
    public required string Scope { get; init; }

    public required long IssuedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>The id of the <see cref="Users.Sessions.SessionGrant"/> that it was issued from; null without a user.</summary>
    public string? GrantId { get; init; }

    /// <summary>The claims auth_time, amr (names with spaces between them) and sid; null without a user.</summary>
    public long? AuthenticatedAt { get; init; }

    public string? Methods { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The thumbprint of the key that it is bound to (RFC 9449 §6.1); null for a bearer token.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The claim <c>act</c> (RFC 8693 §4.1), a JSON object; null when nobody acts for the subject.</summary>
    public string? Actor { get; init; }

    /// <summary>
    /// The claim <c>may_act</c> (RFC 8693 §4.4), a JSON object that says who alone may act for the subject; null for no rule.
    /// </summary>
    public string? MayAct { get; init; }

    public IReadOnlyList<string> Scopes => UserScopes.Split(Scope);

    public string TokenType => DpopKey is null ? "Bearer" : "DPoP";
}
