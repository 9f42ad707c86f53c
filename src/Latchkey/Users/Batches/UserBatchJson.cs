using System.Text.Json.Serialization;

namespace Latchkey.Users.Batches;

[JsonSerializable(typeof(UserBatchState))]
[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true)]
public sealed partial class UserBatchJson : JsonSerializerContext;
