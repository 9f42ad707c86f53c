using System.Text.Json.Serialization;

namespace Latchkey.Accounts;

[JsonSerializable(typeof(DeferredPortalReset))]
internal sealed partial class AccountsJson : JsonSerializerContext;
