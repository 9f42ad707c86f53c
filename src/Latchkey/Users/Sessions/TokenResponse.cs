using System.Text.Json.Serialization;

namespace Latchkey.Users.Sessions;

/// <summary>The tokens returned on login.</summary>
/// <param name="Jwt">The user JWT for the app's own backend; signed with the application's key.</param>
/// <param name="AccessToken">The access token for this server.</param>
/// <param name="RefreshToken">Gives new tokens, for sessions of the mode refresh; null otherwise.</param>
/// <param name="ExpiresIn">Seconds until the other two tokens expire, if there is a refresh token.</param>
/// <param name="OfferPasskey">
/// True after a sign-in without a passkey, if the application has passkeys and the user has none; null otherwise.
/// </param>
public sealed record TokenResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken,
    [property: JsonPropertyName("refresh-token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null,
    [property: JsonPropertyName("expires-in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ExpiresIn = null,
    [property: JsonPropertyName("offer-passkey"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? OfferPasskey = null
);
