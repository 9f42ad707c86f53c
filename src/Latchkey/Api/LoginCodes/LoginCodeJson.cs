using System.Text.Json.Serialization;

namespace Latchkey.Api.LoginCodes;

[JsonSerializable(typeof(LoginCodeAnswer))]
public sealed partial class LoginCodeJson : JsonSerializerContext;
