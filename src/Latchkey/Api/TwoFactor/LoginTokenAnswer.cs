using System.Text.Json.Serialization;

namespace Latchkey.Api.TwoFactor;

/// <summary>What login answers before a second factor.</summary>
public sealed record LoginTokenAnswer([property: JsonPropertyName("login-token")] string LoginToken);
