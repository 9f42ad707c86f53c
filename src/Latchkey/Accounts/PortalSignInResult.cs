namespace Latchkey.Accounts;

/// <summary>The result of a correct password.</summary>
public abstract record PortalSignInResult;
