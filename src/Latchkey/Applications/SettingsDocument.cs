using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Applications;

/// <summary>The stored form of <see cref="ApplicationSettings"/>. A setting that an older document lacks has its default.</summary>
public static class SettingsDocument
{
    private static readonly JsonObject Defaults = JsonSerializer.SerializeToNode(new ApplicationSettings(), SettingsJson.Default.ApplicationSettings)!.AsObject();

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

    public static string Write(ApplicationSettings settings) => JsonSerializer.Serialize(settings, SettingsJson.Default.ApplicationSettings);
}
