using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Provider.Clients;

/// <summary>The stored forms of settings and secrets of clients. A setting that is missing has its default.</summary>
public static class ClientDocument
{
    private static readonly JsonObject Defaults =
        JsonSerializer.SerializeToNode(new ClientSettings(), ClientJson.Default.ClientSettings) as JsonObject ?? [];

    /// <summary>How many texts are remembered, and of what length at most: some ten megabytes.</summary>
    private const int MaxKnown = 2048;
    private const int MaxKnownLength = 2048;

    private static readonly ConcurrentDictionary<string, ClientSettings> Known = new(StringComparer.Ordinal);

    /// <summary>Every request of a client reads its row, so what a text says is remembered.</summary>
    public static ClientSettings ReadSettings(string json)
    {
        if (Known.TryGetValue(json, out var known))
        {
            return known;
        }

        if (Known.Count >= MaxKnown)
        {
            Known.Clear(); // with more clients than that, remembering them all would cost more than reading
        }

        var settings = Parse(json);
        return json.Length <= MaxKnownLength ? Known.GetOrAdd(json, settings) : settings;
    }

    private static ClientSettings Parse(string json)
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
