using System.Text.Json.Serialization;

namespace Latchkey.Messages.Templates;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TemplateText))]
[JsonSerializable(typeof(ConfirmPageText))]
public sealed partial class TemplatesJson : JsonSerializerContext;
