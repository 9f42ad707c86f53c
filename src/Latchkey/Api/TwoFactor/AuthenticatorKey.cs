using System.Text.Json.Serialization;
using Latchkey.Applications;
using Latchkey.Users;

namespace Latchkey.Api.TwoFactor;

/// <summary>A new key of an authenticator app.</summary>
/// <param name="GoogleSecretKey">Base32 in groups of four.</param>
/// <param name="QrDataImage">A data URL with a PNG.</param>
public sealed record AuthenticatorKey(
    [property: JsonPropertyName("googleSecretKey")] string GoogleSecretKey,
    [property: JsonPropertyName("QRDataImage")] string QrDataImage
)
{
    private const string DataUrl = "data:image/png;base64,";

    public static AuthenticatorKey Create(Application application, User user, ReadOnlySpan<byte> seed)
    {
        var heading = application.Settings.GoogleHeading.Length > 0 ? application.Settings.GoogleHeading : application.Name;
        var base32 = Totp.ToBase32(seed);
        var uri = Totp.KeyUri(heading, user.Handle, base32);
        return new(Totp.FormatSecret(base32), ImageOf(uri)) { KeyUri = uri };
    }

    /// <summary>The QR code of a <see cref="KeyUri"/> as a data URL with a PNG.</summary>
    public static string ImageOf(string keyUri) => DataUrl + Convert.ToBase64String(QrCode.Png(keyUri));

    /// <summary>What the QR code says.</summary>
    [JsonIgnore]
    public string KeyUri { get; private init; } = "";

    /// <summary>The PNG in base64, for mails.</summary>
    [JsonIgnore]
    public string QrCodeBase64 => QrDataImage[DataUrl.Length..];
}
