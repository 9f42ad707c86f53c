namespace Latchkey.Api.Authentication;

/// <summary>Which token a route takes, as endpoint metadata.</summary>
/// <param name="Token">The kind.</param>
/// <param name="AllowsUpgrade">An access token of an anonymous user turns that user into the new one.</param>
public sealed record TokenRequirement(TokenKind Token, bool AllowsUpgrade = false);
