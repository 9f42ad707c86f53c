namespace Latchkey.Accounts;

/// <param name="Token">The token of a login that waits for the second factor: ten minutes, single-use, valid for nothing else.</param>
public sealed record PortalSecondFactorRequired(string Token) : PortalSignInResult;
