using System.Text.Json.Serialization;

namespace Latchkey.Api.SocialLogin;

/// <summary>What socialLogin answers.</summary>
public sealed record SocialTokenResponse(
    [property: JsonPropertyName("jwt")] string Jwt,
    [property: JsonPropertyName("access-token")] string AccessToken,
    [property: JsonPropertyName("handle")] string Handle,
    [property: JsonPropertyName("refresh-token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null,
    [property: JsonPropertyName("expires-in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ExpiresIn = null,
    [property: JsonPropertyName("offer-passkey"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? OfferPasskey = null
);
