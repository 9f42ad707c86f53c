using System.Text.Json.Serialization;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>What loginComplete answers.</summary>
/// <param name="Jwt">The user JWT for the app's own backend; signed with the application's key.</param>
/// <param name="AccessToken">The access token for this server.</param>
/// <param name="RefreshToken">As in <see cref="TokenResponse"/>.</param>
/// <param name="ExpiresIn">As in <see cref="TokenResponse"/>.</param>
/// <param name="DeviceToken">For the parameter deviceToken of later logins, if the device was remembered; null otherwise.</param>
/// <param name="RecoveryCodes">Ten codes to be shown to the user once, if the login set a second factor up; null otherwise.</param>
/// <param name="OfferPasskey">As in <see cref="TokenResponse"/>.</param>
public sealed record LoginCompleteResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken,
    [property: JsonPropertyName("refresh-token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    [property: JsonPropertyName("expires-in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ExpiresIn,
    [property: JsonPropertyName("device-token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceToken,
    [property: JsonPropertyName("recovery-codes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<string>? RecoveryCodes,
    [property: JsonPropertyName("offer-passkey"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? OfferPasskey
)
{
    public static LoginCompleteResponse From(TokenResponse tokens, string? deviceToken, IReadOnlyList<string>? recoveryCodes) =>
        new(tokens.Jwt, tokens.AccessToken, tokens.RefreshToken, tokens.ExpiresIn, deviceToken, recoveryCodes, tokens.OfferPasskey);
}
