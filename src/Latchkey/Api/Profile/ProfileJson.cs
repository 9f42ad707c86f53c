using System.Text.Json.Serialization;

namespace Latchkey.Api.Profile;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UserNameAvailability))]
public sealed partial class ProfileJson : JsonSerializerContext;
