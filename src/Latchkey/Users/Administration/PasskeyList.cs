using Latchkey.Users.Passkeys;

namespace Latchkey.Users.Administration;

/// <summary>A user's passkeys.</summary>
/// <param name="Passkeys">Newest first, those of an earlier relying party too.</param>
/// <param name="UserHandle">The id by which authenticators know the user, in base64url; null if none was made.</param>
public sealed record PasskeyList(IReadOnlyList<Passkey> Passkeys, string? UserHandle);
