namespace Latchkey.Users.Passkeys;

/// <summary>A passkey with its user.</summary>
/// <param name="UserHandle">The random id by which authenticators know the user, in base64url.</param>
public sealed record PasskeyOwner(User User, Passkey Passkey, string UserHandle);
