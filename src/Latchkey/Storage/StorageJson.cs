using System.Text.Json.Serialization;

namespace Latchkey.Storage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AssetCut[]))]
[JsonSerializable(typeof(CreatedAsset))]
[JsonSerializable(typeof(AssetDescription))]
[JsonSerializable(typeof(AssetPage))]
internal sealed partial class StorageJson : JsonSerializerContext;
