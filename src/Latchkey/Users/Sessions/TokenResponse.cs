using System.Text.Json.Serialization;

namespace Latchkey.Users.Sessions;

/// <summary>What a user gets on signing in.</summary>
/// <param name="Jwt">For the app's own backend; signed with the application's key.</param>
/// <param name="AccessToken">For this server.</param>
public sealed record TokenResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken
);
