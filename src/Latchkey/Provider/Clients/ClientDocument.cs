using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Provider.Clients;

/// <summary>The stored forms of settings and secrets of clients. A setting that is missing has its default.</summary>
public static class ClientDocument
{
    private static readonly JsonObject Defaults =
        JsonSerializer.SerializeToNode(new ClientSettings(), ClientJson.Default.ClientSettings) as JsonObject ?? [];

    public static ClientSettings ReadSettings(string json)
    {
        // The generated deserialiser sets missing members to their type's default, not to the initialiser's.
        var stored = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("the settings are not an object");
        foreach (var (name, value) in Defaults)
        {
            if (!stored.ContainsKey(name))
            {
                stored[name] = value?.DeepClone();
            }
        }

        return stored.Deserialize(ClientJson.Default.ClientSettings) ?? throw new JsonException("the settings are null");
    }

    public static string Write(ClientSettings settings) => JsonSerializer.Serialize(settings, ClientJson.Default.ClientSettings);

    public static IReadOnlyList<ClientSecret> ReadSecrets(string json) =>
        JsonSerializer.Deserialize(json, ClientJson.Default.IReadOnlyListClientSecret) ?? [];

    public static string Write(IReadOnlyList<ClientSecret> secrets) =>
        JsonSerializer.Serialize(secrets, ClientJson.Default.IReadOnlyListClientSecret);
}
