using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>An access token that is in order now.</summary>
/// <param name="Token">What it says.</param>
/// <param name="Found">Its grant, session and user; null for a client's own.</param>
public sealed record LiveToken(ProviderAccessToken Token, GrantedSession? Found);
