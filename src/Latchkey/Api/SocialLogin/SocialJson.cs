using System.Text.Json.Serialization;

namespace Latchkey.Api.SocialLogin;

[JsonSerializable(typeof(SocialTokenResponse))]
public sealed partial class SocialJson : JsonSerializerContext;
