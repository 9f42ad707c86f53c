using System.Text.Json.Serialization;

namespace Latchkey.Users;

[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class UsersJson : JsonSerializerContext;
