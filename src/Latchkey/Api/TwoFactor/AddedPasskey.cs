using Latchkey.Users.Passkeys;

namespace Latchkey.Api.TwoFactor;

/// <summary>A passkey that was stored.</summary>
/// <param name="RecoveryCodes">Ten codes to be shown to the user once, if it is the user's first second factor; null otherwise.</param>
public sealed record AddedPasskey(Passkey Passkey, IReadOnlyList<string>? RecoveryCodes);
