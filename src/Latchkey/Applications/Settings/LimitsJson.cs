using System.Text.Json.Serialization;

namespace Latchkey.Applications.Settings;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InstallationLimits))]
public sealed partial class LimitsJson : JsonSerializerContext;
