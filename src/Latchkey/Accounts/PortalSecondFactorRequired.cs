namespace Latchkey.Accounts;

/// <param name="Token">Of a login that waits for the second factor: ten minutes, one use, good for nothing else.</param>
public sealed record PortalSecondFactorRequired(string Token) : PortalSignInResult;
