using System.Text.Json;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Reads values that other systems wrap in objects and lists.</summary>
public static class JsonScalar
{
    /// <summary>
    /// Unwraps MongoDB Extended JSON (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/), such as <c>{"$oid": …}</c>,
    /// and the dates of Parse. Returns other values unchanged.
    /// </summary>
    public static JsonElement Unwrap(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return value;
        }

        var properties = value.EnumerateObject();
        if (!properties.MoveNext())
        {
            return value;
        }

        var first = properties.Current;
        return first.Name.StartsWith('$') && !properties.MoveNext() ? Unwrap(first.Value)
            : first.NameEquals("__type"u8) && value.TryGetProperty("iso"u8, out var iso) ? iso
            : value;
    }

    /// <summary>The names and values of a list such as <c>[{"Name": "email", "Value": "ann@example.com"}]</c>.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> NamedValues(JsonElement list)
    {
        foreach (var pair in list.EnumerateArray().Where(pair => pair.ValueKind == JsonValueKind.Object))
        {
            if (Find(pair, "name", "key") is { ValueKind: JsonValueKind.String } name && Find(pair, "value") is { } value)
            {
                yield return (name.GetString() ?? "", value);
            }
        }
    }

    /// <summary>The verified addresses of a list of texts, or of objects with a flag (Ory Kratos).</summary>
    public static IEnumerable<string> VerifiedAddresses(JsonElement list) =>
        list.EnumerateArray()
            .Select(one =>
                one.ValueKind == JsonValueKind.String ? one.GetString()
                : one.ValueKind == JsonValueKind.Object && Text(one, "verified") == "true" ? Text(one, "value", "address", "email")
                : null
            )
            .OfType<string>();

    /// <summary>The first of these properties that is a text, number or boolean, as text. Names are case-insensitive.</summary>
    public static string? Text(JsonElement container, params string[] names) =>
        Find(container, names) is { } found
            ? found.ValueKind switch
            {
                JsonValueKind.String => found.GetString() is { Length: > 0 } text ? text : null,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
                JsonValueKind.Array when found.GetArrayLength() == 1 => ScalarText(found[0]),
                _ => null,
            }
            : null;

    /// <summary>A property that is an object, or text with a JSON object.</summary>
    public static JsonElement? Object(JsonElement container, string name)
    {
        if (Find(container, name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.String)
        {
            try
            {
                found = JsonElement.Parse(found.GetString() ?? "");
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return found.ValueKind == JsonValueKind.Object ? found : null;
    }

    private static string? ScalarText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    private static JsonElement? Find(JsonElement container, params string[] names)
    {
        foreach (var name in names)
        {
            foreach (var property in container.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null)
                {
                    return property.Value;
                }
            }
        }

        return null;
    }
}
