using System.Text.Json.Serialization;
using Latchkey.Provider.Authorization;

namespace Latchkey.Provider;

/// <summary>The JSON inside the provider's sealed tokens.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthorizationCode))]
[JsonSerializable(typeof(PendingAuthorization))]
public sealed partial class ProviderJson : JsonSerializerContext;
