using System.Text.Json.Serialization;

namespace Latchkey.Core;

/// <summary>Source-generated JSON serialisation of the common responses.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorBody))]
public sealed partial class ContractJson : JsonSerializerContext;
