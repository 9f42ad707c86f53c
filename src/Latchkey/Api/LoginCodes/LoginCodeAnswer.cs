using System.Text.Json.Serialization;

namespace Latchkey.Api.LoginCodes;

/// <summary>What loginCode answers.</summary>
/// <param name="RequestToken">For loginCodeComplete. The app keeps it where only the app on this device can read it.</param>
/// <param name="ExpiresIn">How long the code is valid, in seconds.</param>
public sealed record LoginCodeAnswer(
    [property: JsonPropertyName("request-token")] string RequestToken,
    [property: JsonPropertyName("expires-in")] long ExpiresIn
);
