using System.Text.Json.Serialization;

namespace Latchkey.Api.TwoFactor;

[JsonSerializable(typeof(AuthenticatorKey))]
[JsonSerializable(typeof(LoginTokenAnswer))]
[JsonSerializable(typeof(LoginCompleteResponse))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
[JsonSerializable(typeof(SecondFactorsAnswer))]
public sealed partial class TwoFactorJson : JsonSerializerContext;
