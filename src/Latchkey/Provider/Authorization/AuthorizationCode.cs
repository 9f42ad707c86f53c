namespace Latchkey.Provider.Authorization;

/// <summary>What an authorization code stands for. Codes are sealed, so none is stored before it is used.</summary>
/// <param name="ClientId">The client that it was given to.</param>
/// <param name="SessionId">The id of the user's session.</param>
/// <param name="RedirectUri">Where it was sent.</param>
/// <param name="Scope">What the user granted, with spaces between the scopes.</param>
/// <param name="Resources">The resource indicators, with spaces between them.</param>
/// <param name="Nonce">For the ID token.</param>
/// <param name="Claims">The parameter claims of the request.</param>
/// <param name="CodeChallenge">The PKCE challenge by S256; null for none.</param>
/// <param name="DpopKey">The thumbprint of the key that it is bound to; null for none.</param>
/// <param name="ExpiresAt">In unix milliseconds.</param>
/// <param name="RequestId">The id of the pushed request that it answers; null for none.</param>
public sealed record AuthorizationCode(
    string ClientId,
    string SessionId,
    string RedirectUri,
    string Scope,
    string Resources,
    string? Nonce,
    string? Claims,
    string? CodeChallenge,
    string? DpopKey,
    long ExpiresAt,
    string? RequestId
);
