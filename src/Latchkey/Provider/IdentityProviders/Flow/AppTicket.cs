namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>What the address has that an app opens in a browser.</summary>
/// <param name="IdentityScope">The provider's.</param>
/// <param name="Request">What the app asked for.</param>
/// <param name="ExpiresAt">In unix milliseconds.</param>
public sealed record AppTicket(string IdentityScope, AppRequest Request, long ExpiresAt);
