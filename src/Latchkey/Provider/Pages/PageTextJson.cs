using System.Text.Json.Serialization;

namespace Latchkey.Provider.Pages;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageText))]
public sealed partial class PageTextJson : JsonSerializerContext;
