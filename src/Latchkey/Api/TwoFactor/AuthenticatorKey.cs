using System.Text.Json.Serialization;

namespace Latchkey.Api.TwoFactor;

/// <summary>What setTwoFactorGoogleVerification answers.</summary>
/// <param name="GoogleSecretKey">Base32 in groups of four.</param>
/// <param name="QrDataImage">A data URL with a PNG.</param>
public sealed record AuthenticatorKey(
    [property: JsonPropertyName("googleSecretKey")] string GoogleSecretKey,
    [property: JsonPropertyName("QRDataImage")] string QrDataImage
);
