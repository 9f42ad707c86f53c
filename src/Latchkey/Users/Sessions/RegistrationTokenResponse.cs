using System.Text.Json.Serialization;

namespace Latchkey.Users.Sessions;

/// <summary>What a user gets on completing a signup or an invitation.</summary>
/// <param name="Jwt">For the app's own backend; signed with the application's key.</param>
/// <param name="AccessToken">For this server.</param>
/// <param name="SignedUserToken">For apps of before November 2023, which read it and send it nowhere.</param>
/// <param name="RefreshToken">As in <see cref="TokenResponse"/>.</param>
/// <param name="ExpiresIn">As in <see cref="TokenResponse"/>.</param>
/// <param name="OfferPasskey">As in <see cref="TokenResponse"/>.</param>
public sealed record RegistrationTokenResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken,
    [property: JsonPropertyName("signed-user-token")] string SignedUserToken,
    [property: JsonPropertyName("refresh-token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null,
    [property: JsonPropertyName("expires-in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ExpiresIn = null,
    [property: JsonPropertyName("offer-passkey"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? OfferPasskey = null
);
