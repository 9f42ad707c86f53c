using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>A right signature of a portal account's passkey, before it is used up.</summary>
/// <param name="DeveloperId">Whose passkey it is.</param>
/// <param name="Proof">The signature.</param>
public sealed record DeveloperPasskeyProof(string DeveloperId, PasskeyProof Proof);
