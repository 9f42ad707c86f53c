using System.Text.Json.Serialization;

namespace Latchkey.HostedPages;

/// <summary>The JSON inside the pages' cookies.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageNote))]
[JsonSerializable(typeof(SignInStep))]
[JsonSerializable(typeof(MailedStep))]
public sealed partial class HostedPagesJson : JsonSerializerContext;
