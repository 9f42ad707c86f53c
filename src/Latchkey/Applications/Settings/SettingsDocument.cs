using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Applications.Settings;

/// <summary>The stored form of <see cref="ApplicationSettings"/>. A setting that an older document lacks has its default.</summary>
public static class SettingsDocument
{
    private static readonly JsonObject Defaults = JsonSerializer
        .SerializeToNode(new ApplicationSettings(), SettingsJson.Default.ApplicationSettings)!
        .AsObject();

    public static ApplicationSettings Read(string json)
    {
        // The generated reader gives what is missing the default of its type (0, null), not the one in code.
        var stored = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in Defaults)
        {
            if (!stored.ContainsKey(name))
            {
                stored[name] = value?.DeepClone();
            }
        }

        return stored.Deserialize(SettingsJson.Default.ApplicationSettings)!;
    }

    /// <summary>The secrets of a stored document, sealed as they are, by their settings' names.</summary>
    public static IReadOnlyDictionary<string, string> Secrets(string json)
    {
        var stored = JsonNode.Parse(json)!.AsObject();
        return SettingCatalog
            .All.Where(setting => setting.Kind == SettingKind.Secret && stored[setting.Name]?.GetValue<string>() is { Length: > 0 })
            .ToDictionary(setting => setting.Name, setting => stored[setting.Name]!.GetValue<string>(), StringComparer.Ordinal);
    }

    /// <summary>The document with other sealed texts in place of some of its secrets.</summary>
    public static string WithSecrets(string json, IReadOnlyDictionary<string, string> secrets)
    {
        var stored = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, text) in secrets)
        {
            stored[name] = text;
        }

        return stored.ToJsonString(SettingsJson.Default.Options);
    }

    public static string Write(ApplicationSettings settings) =>
        JsonSerializer.Serialize(settings, SettingsJson.Default.ApplicationSettings);
}
