using System.Text.Json;

namespace Latchkey.Provider.Devices;

/// <summary>What a device gets that asks to be signed in (RFC 8628 §3.2).</summary>
/// <param name="DeviceCode">256 random bits. The device shows it to nobody.</param>
/// <param name="UserCode">What it shows: <c>XXXX-XXXX</c>.</param>
/// <param name="Page">The address that it shows.</param>
/// <param name="ExpiresIn">In seconds.</param>
/// <param name="Interval">How many seconds it has to wait between two polls.</param>
public sealed record DeviceAnswer(string DeviceCode, string UserCode, string Page, long ExpiresIn, long Interval)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("device_code"u8, DeviceCode);
        json.WriteString("user_code"u8, UserCode);
        json.WriteString("verification_uri"u8, Page);
        json.WriteString("verification_uri_complete"u8, $"{Page}?user_code={UserCode}");
        json.WriteNumber("expires_in"u8, ExpiresIn);
        json.WriteNumber("interval"u8, Interval);
    }
}
