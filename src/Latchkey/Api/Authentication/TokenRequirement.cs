namespace Latchkey.Api.Authentication;

/// <summary>Which token a route takes, as endpoint metadata.</summary>
public sealed record TokenRequirement(TokenKind Token, bool AllowsUpgrade = false);
