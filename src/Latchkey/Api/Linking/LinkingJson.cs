using System.Text.Json.Serialization;

namespace Latchkey.Api.Linking;

[JsonSerializable(typeof(LinksAnswer))]
public sealed partial class LinkingJson : JsonSerializerContext;
