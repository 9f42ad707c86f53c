using System.Text.Json.Serialization;

namespace Latchkey.HostedPages.Account;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountText))]
public sealed partial class AccountTextJson : JsonSerializerContext;
