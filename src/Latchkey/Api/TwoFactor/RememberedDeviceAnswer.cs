using System.Text.Json.Serialization;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>A remembered device.</summary>
/// <param name="DeviceName">What the app called it; empty if it gave no name.</param>
/// <param name="Client">The client's address when it was remembered.</param>
/// <param name="CreatedAt">When it was remembered.</param>
/// <param name="ExpiresAt">When it is asked again.</param>
public sealed record RememberedDeviceAnswer(
    [property: JsonPropertyName("deviceName")] string DeviceName,
    [property: JsonPropertyName("client")] string Client,
    [property: JsonPropertyName("createdAt")] string CreatedAt,
    [property: JsonPropertyName("expiresAt")] string ExpiresAt
)
{
    public static RememberedDeviceAnswer From(RememberedDevice device) =>
        new(device.DeviceName, device.Client, WireDate.Format(device.CreatedAt), WireDate.Format(device.ExpiresAt));
}
