namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>What the address has that an app opens in a browser.</summary>
/// <param name="ProviderId">The provider's id.</param>
/// <param name="Request">What the app asked for.</param>
/// <param name="ExpiresAt">In unix milliseconds.</param>
public sealed record AppTicket(string ProviderId, AppRequest Request, long ExpiresAt);
