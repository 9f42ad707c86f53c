using System.Text.Json.Serialization;

namespace Latchkey.Messages.Templates;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TemplateText))]
[JsonSerializable(typeof(ConfirmPageText))]
[JsonSerializable(typeof(LoginCodePageText))]
[JsonSerializable(typeof(LinkErrorText))]
public sealed partial class TemplatesJson : JsonSerializerContext;
