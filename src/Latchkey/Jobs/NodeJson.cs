using System.Text.Json.Serialization;

namespace Latchkey.Jobs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorkerState[]))]
public sealed partial class NodeJson : JsonSerializerContext;
