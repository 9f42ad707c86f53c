using System.Globalization;
using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>What a provider said of a user. Earlier documents count before later ones: the signed ID token before UserInfo.</summary>
public sealed class ProviderClaims
{
    private const int MaxDepth = 10;
    private readonly JsonElement[] documents;

    public ProviderClaims(params ReadOnlySpan<JsonElement> documents)
    {
        var objects = new List<JsonElement>(documents.Length);
        foreach (var document in documents)
        {
            if (document.ValueKind == JsonValueKind.Object)
            {
                objects.Add(document.Clone()); // outlives the caller's JsonDocument
            }
        }

        this.documents = [.. objects];
    }

    /// <summary>
    /// The value at a path such as <c>data.user.open_id</c> or <c>images.0.url</c>. A member whose name has full stops in it is found by
    /// its whole name. Null when there is none, or JSON's null.
    /// </summary>
    public JsonElement? Find(string path)
    {
        foreach (var document in documents)
        {
            if (Find(document, path) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>
    /// The text at a path; a number with exactly the digits it was written with. Null when it is neither, empty, or a text that cannot be
    /// stored.
    /// </summary>
    public string? FindText(string path) => Find(path) is { } value ? TextOf(value) : null;

    /// <summary>Whether the value is true, or the text "true", as Apple writes it.</summary>
    public bool IsTrue(string path) => Find(path) is { } value && (value.ValueKind == JsonValueKind.True || TextOf(value) == "true");

    internal static string? TextOf(JsonElement value) =>
        Field.FromJson(value) is { Kind: FieldKind.Text or FieldKind.Number, Text: { Length: > 0 } text } ? text : null;

    internal static JsonElement? Find(JsonElement value, string path)
    {
        if (path.Length == 0)
        {
            return value;
        }

        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (Step(value, path) is { } whole)
            {
                return whole.ValueKind == JsonValueKind.Null ? null : whole;
            }

            var dot = path.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || Step(value, path[..dot]) is not { } next)
            {
                return null;
            }

            (value, path) = (next, path[(dot + 1)..]);
        }

        return null;
    }

    private static JsonElement? Step(JsonElement value, string name) =>
        value.ValueKind switch
        {
            JsonValueKind.Object when value.TryGetProperty(name, out var member) => member,
            JsonValueKind.Array
                when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < value.GetArrayLength() =>
                value[place],
            _ => null,
        };
}
