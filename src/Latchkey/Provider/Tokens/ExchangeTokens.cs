namespace Latchkey.Provider.Tokens;

/// <summary>The tokens of an exchange (RFC 8693 §1.1), all in order.</summary>
/// <param name="Subject">The user's access token: for whom.</param>
/// <param name="Actor">The access token of the client that acts; null when the client that exchanges takes the user's place.</param>
public sealed record ExchangeTokens(LiveToken Subject, ProviderAccessToken? Actor);
