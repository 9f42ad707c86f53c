using System.Text.Json.Serialization;

namespace Latchkey.Activity.Audit;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuditChange[]))]
public sealed partial class AuditJson : JsonSerializerContext;
