using System.Text.Json.Serialization;
using Latchkey.Users.Passkeys;

namespace Latchkey.Api.TwoFactor;

[JsonSerializable(typeof(AuthenticatorKey))]
[JsonSerializable(typeof(PasskeyOptions))]
[JsonSerializable(typeof(LoginTokenAnswer))]
[JsonSerializable(typeof(LoginCompleteResponse))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
[JsonSerializable(typeof(SecondFactorsAnswer))]
public sealed partial class TwoFactorJson : JsonSerializerContext;
