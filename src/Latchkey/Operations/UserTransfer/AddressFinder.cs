using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Finds the e-mail address of a user in a file whose column names are unknown.</summary>
public static class AddressFinder
{
    public static bool IsAddress(string text) => text.Contains('@', StringComparison.Ordinal) && Handle.ParseEmail(text).Succeeded;

    /// <summary>The path of the first e-mail address in a JSON object; null when there is none.</summary>
    public static string? Find(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Find(document.RootElement, "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement container, string prefix)
    {
        if (container.ValueKind == JsonValueKind.Array)
        {
            return container.EnumerateArray().Select(element => Find(element, prefix)).FirstOrDefault(found => found is not null);
        }

        if (container.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var address = container
            .EnumerateObject()
            .FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.String && IsAddress(property.Value.GetString() ?? ""));
        return address.Value.ValueKind == JsonValueKind.String
            ? prefix + address.Name
            : container
                .EnumerateObject()
                .Select(property => Find(property.Value, $"{prefix}{property.Name}."))
                .FirstOrDefault(found => found is not null);
    }
}
