using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latchkey.Users.Passkeys;

/// <summary>What an app asks an authenticator for.</summary>
/// <param name="RequestToken">To be sent back with the authenticator's answer; valid for five minutes and one try.</param>
/// <param name="Options">
/// For the browser: PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON (WebAuthn §5.1.8, §5.1.9).
/// </param>
public sealed record PasskeyOptions(
    [property: JsonPropertyName("request-token")] string RequestToken,
    [property: JsonPropertyName("options")] JsonElement Options
);
