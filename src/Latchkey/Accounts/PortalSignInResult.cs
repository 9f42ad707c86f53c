namespace Latchkey.Accounts;

/// <summary>What a right password leads to.</summary>
public abstract record PortalSignInResult;
