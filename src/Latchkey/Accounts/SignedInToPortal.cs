namespace Latchkey.Accounts;

/// <param name="Token">The new session's token.</param>
public sealed record SignedInToPortal(string Token) : PortalSignInResult;
