using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>A passkey of a portal account, with the account.</summary>
/// <param name="UserHandle">The random id by which authenticators know the account, in base64url.</param>
public sealed record DeveloperPasskeyOwner(Developer Developer, Passkey Passkey, string UserHandle);
