using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications.Settings;

namespace Latchkey.Applications.Realm;

/// <summary>The custom-token provider that a Realm application needs for an application of this server.</summary>
public static class RealmTokenProvider
{
    public const string Type = "custom-token";

    /// <summary>The secret's name in CosyncJWT; applications configured there keep using it.</summary>
    public const string SecretName = "CosyncJWTPublicKey";

    private const string Metadata = "metadata_fields";

    /// <param name="settings">The application's settings, with its metadata fields.</param>
    /// <param name="signing">A <see cref="RealmSigning"/>.</param>
    /// <param name="jwks">The URL of the application's JWKS.</param>
    public static JsonObject Document(ApplicationSettings settings, string signing, string jwks) =>
        new()
        {
            ["name"] = Type,
            ["type"] = Type,
            ["disabled"] = false,
            ["config"] =
                signing == RealmSigning.Jwks
                    ? new JsonObject
                    {
                        ["signingAlgorithm"] = "RS256",
                        ["useJWKURI"] = true,
                        ["jwkURI"] = jwks,
                    }
                    : new JsonObject { ["signingAlgorithm"] = "RS256", ["useJWKURI"] = false },
            ["secret_config"] = new JsonObject { ["signingKeys"] = signing == RealmSigning.Jwks ? [] : new JsonArray(SecretName) },
            [Metadata] = new JsonArray([
                .. Fields(settings)
                    .Select(field => new JsonObject
                    {
                        ["required"] = field.Required,
                        ["name"] = field.Path,
                        ["field_name"] = field.FieldName,
                    }),
            ]),
        };

    public static IEnumerable<MetadataField> Fields(ApplicationSettings settings) => settings.MetaData.Concat(settings.MetaDataInvite);

    /// <summary>
    /// The differences to the wanted configuration, in words. Ignores whether the provider is enabled, and properties that we do not set.
    /// </summary>
    public static IReadOnlyList<string> Differences(JsonElement current, JsonObject wanted)
    {
        var now = JsonObject.Create(current) ?? [];
        var differences = new List<string>();
        if (!HasAll(now["config"], wanted["config"] as JsonObject ?? []))
        {
            differences.Add("how tokens are checked");
        }

        if (!JsonNode.DeepEquals(SigningKeys(now), SigningKeys(wanted)))
        {
            differences.Add("the signing keys");
        }

        if (!Canonical(now[Metadata]).SequenceEqual(Canonical(wanted[Metadata]), StringComparer.Ordinal))
        {
            differences.Add("the metadata fields");
        }

        return differences;
    }

    private static bool HasAll(JsonNode? now, JsonObject wanted) =>
        now is JsonObject config && wanted.All(property => JsonNode.DeepEquals(config[property.Key], property.Value));

    private static JsonArray SigningKeys(JsonObject provider) =>
        (provider["secret_config"] as JsonObject)?["signingKeys"] as JsonArray ?? [];

    /// <summary>The fields without their order, which has no meaning.</summary>
    private static IEnumerable<string> Canonical(JsonNode? fields) =>
        (fields as JsonArray ?? [])
            .Select(field =>
                field is JsonObject one
                    ? $"{one["name"]?.ToJsonString()} {one["field_name"]?.ToJsonString()} {one["required"]?.ToJsonString() ?? "false"}"
                    : ""
            )
            .Order(StringComparer.Ordinal);
}
