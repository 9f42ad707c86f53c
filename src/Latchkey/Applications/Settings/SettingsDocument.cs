using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Applications.Settings;

/// <summary>The stored form of <see cref="ApplicationSettings"/>. A setting that is missing has its default.</summary>
public static class SettingsDocument
{
    private static readonly JsonObject Defaults =
        JsonSerializer.SerializeToNode(new ApplicationSettings(), SettingsJson.Default.ApplicationSettings) as JsonObject ?? [];

    public static ApplicationSettings Read(string json)
    {
        // The generated deserialiser sets missing members to their type's default (0, null), not to the initialiser's.
        var stored = Parse(json);
        if (stored["userJWTExpiration"] is { } hours && !stored.ContainsKey("userJWTMinutes"))
        {
            stored["userJWTMinutes"] = hours.GetValue<int>() * 60; // written before 0.2
        }

        if (!stored.ContainsKey("linkingEnabled"))
        {
            stored["linkingEnabled"] = false; // written before 0.3
        }

        if (!stored.ContainsKey("addressChangeEnabled"))
        {
            stored["addressChangeEnabled"] = false; // likewise
        }

        foreach (var (name, value) in Defaults)
        {
            if (!stored.ContainsKey(name))
            {
                stored[name] = value?.DeepClone();
            }
        }

        return stored.Deserialize(SettingsJson.Default.ApplicationSettings) ?? throw new JsonException("the settings are null");
    }

    /// <summary>The secrets of a stored document, encrypted, by setting name.</summary>
    public static IReadOnlyDictionary<string, string> Secrets(string json)
    {
        var stored = Parse(json);
        return SettingCatalog
            .All.Where(setting => setting.Kind == SettingKind.Secret)
            .Select(setting => (setting.Name, Text: stored[setting.Name]?.GetValue<string>() ?? ""))
            .Where(secret => secret.Text.Length > 0)
            .ToDictionary(secret => secret.Name, secret => secret.Text, StringComparer.Ordinal);
    }

    /// <summary>The document with some secrets replaced by other encrypted texts.</summary>
    public static string WithSecrets(string json, IReadOnlyDictionary<string, string> secrets)
    {
        var stored = Parse(json);
        foreach (var (name, text) in secrets)
        {
            stored[name] = text;
        }

        return stored.ToJsonString(SettingsJson.Default.Options);
    }

    public static string Write(ApplicationSettings settings) =>
        JsonSerializer.Serialize(settings, SettingsJson.Default.ApplicationSettings);

    private static JsonObject Parse(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("the settings are not an object");
}
