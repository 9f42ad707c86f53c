using System.Text.Json.Serialization;

namespace Latchkey.Core;

/// <summary>Source-generated JSON of the answers that every feature shares.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorBody))]
public sealed partial class ContractJson : JsonSerializerContext;
