using System.Text.Json.Serialization;

namespace Latchkey.Applications.Settings;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PreferredObjectCreationHandling = JsonObjectCreationHandling.Replace
)]
[JsonSerializable(typeof(ApplicationSettings))]
public sealed partial class SettingsJson : JsonSerializerContext;
