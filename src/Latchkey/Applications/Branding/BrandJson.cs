using System.Text.Json.Serialization;

namespace Latchkey.Applications.Branding;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Brand))]
public sealed partial class BrandJson : JsonSerializerContext;
