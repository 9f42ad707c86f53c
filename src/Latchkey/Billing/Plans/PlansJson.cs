using System.Text.Json.Serialization;

namespace Latchkey.Billing.Plans;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlanTerms))]
public sealed partial class PlansJson : JsonSerializerContext;
