using System.Text.Json.Serialization;

namespace Latchkey.Api.TwoFactor;

[JsonSerializable(typeof(AuthenticatorKey))]
[JsonSerializable(typeof(LoginTokenAnswer))]
public sealed partial class TwoFactorJson : JsonSerializerContext;
