namespace Latchkey.Users.Passkeys;

/// <summary>A new passkey whose registration is right, before it is stored.</summary>
/// <param name="Passkey">With everything that the authenticator says; without ids, name and times.</param>
/// <param name="Request">The challenge, to be used up in the transaction that stores it.</param>
/// <param name="UserVerified">Whether the authenticator verified its user.</param>
public sealed record RegisteredPasskey(Passkey Passkey, Cryptography.PasskeyRequest Request, bool UserVerified);
