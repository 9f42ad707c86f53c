using System.Text.Json.Serialization;

namespace Latchkey.Api.TwoFactor;

/// <summary>What recoveryCodes answers: codes to be shown to the user once.</summary>
public sealed record RecoveryCodesAnswer([property: JsonPropertyName("recovery-codes")] IReadOnlyList<string> RecoveryCodes);
