using System.Text.Json.Serialization;

namespace Latchkey.Messages.Outbox;

[JsonSerializable(typeof(MessageBody))]
public sealed partial class MessagesJson : JsonSerializerContext;
