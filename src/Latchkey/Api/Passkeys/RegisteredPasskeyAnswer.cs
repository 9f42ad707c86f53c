using System.Text.Json.Serialization;

namespace Latchkey.Api.Passkeys;

/// <summary>What passkeyRegister answers.</summary>
/// <param name="Passkey">The new passkey.</param>
/// <param name="RecoveryCodes">Ten codes to be shown to the user once, if it is the user's first second factor; null otherwise.</param>
public sealed record RegisteredPasskeyAnswer(
    [property: JsonPropertyName("passkey")] PasskeyAnswer Passkey,
    [property: JsonPropertyName("recovery-codes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<string>? RecoveryCodes
);
