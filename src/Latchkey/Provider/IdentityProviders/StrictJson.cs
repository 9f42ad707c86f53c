using System.Text.Json;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>JSON of other parties: a name that comes twice is a way to say one thing to one reader and another to the next.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Null for what is no JSON, is too deep, or has a name twice.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // the second: an unpaired surrogate in a name
        }
    }

    /// <summary>As <see cref="Parse"/>, for an object only.</summary>
    public static JsonElement? ParseObject(string text) => Parse(text) is { ValueKind: JsonValueKind.Object } found ? found : null;
}
