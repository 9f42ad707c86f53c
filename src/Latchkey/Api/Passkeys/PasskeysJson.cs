using System.Text.Json.Serialization;
using Latchkey.Users.Passkeys;

namespace Latchkey.Api.Passkeys;

[JsonSerializable(typeof(PasskeyOptions))]
[JsonSerializable(typeof(PasskeysAnswer))]
[JsonSerializable(typeof(RegisteredPasskeyAnswer))]
public sealed partial class PasskeysJson : JsonSerializerContext;
