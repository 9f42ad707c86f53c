using System.Text.Json.Serialization;

namespace Latchkey.Users.Sessions;

[JsonSerializable(typeof(RegistrationTokenResponse))]
[JsonSerializable(typeof(TokenResponse))]
public sealed partial class SessionsJson : JsonSerializerContext;
