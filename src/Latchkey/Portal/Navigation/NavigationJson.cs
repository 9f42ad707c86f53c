using System.Text.Json.Serialization;

namespace Latchkey.Portal.Navigation;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<SearchResult>))]
public sealed partial class NavigationJson : JsonSerializerContext;
