using System.Text.Json.Serialization;

namespace Latchkey.Users.Sessions;

/// <summary>The tokens returned on login.</summary>
/// <param name="Jwt">The user JWT for the app's own backend; signed with the application's key.</param>
/// <param name="AccessToken">The access token for this server.</param>
public sealed record TokenResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken
);
