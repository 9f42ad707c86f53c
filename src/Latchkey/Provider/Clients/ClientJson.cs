using System.Text.Json.Serialization;

namespace Latchkey.Provider.Clients;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PreferredObjectCreationHandling = JsonObjectCreationHandling.Replace
)]
[JsonSerializable(typeof(ClientSettings))]
[JsonSerializable(typeof(IReadOnlyList<ClientSecret>))]
public sealed partial class ClientJson : JsonSerializerContext;
