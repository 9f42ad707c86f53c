using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Users;

/// <summary>
/// Users' metadata. On the wire: a document with values at the fields' dotted paths. Here: a map of path to trimmed text. Undefined
/// fields are never accepted or returned. Values go into user JWTs, which apps send in headers: servers refuse long ones, so a value, a
/// user's values and an invitation's values are bounded.
/// </summary>
public static class Metadata
{
    /// <summary>In characters.</summary>
    private const int MaxValueLength = 1000;

    /// <summary>In bytes of the JSON document, as JWTs are written.</summary>
    private const int MaxDocumentSize = 4096;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Validates the values of a signup or invitation. Unknown fields are dropped; 604 when a required one is missing, or there is too much
    /// (<see cref="FindExcess"/>). Without fields, any document is ignored.
    /// </summary>
    public static Result<IReadOnlyDictionary<string, string>> Validate(IReadOnlyCollection<MetadataField> fields, string? json)
    {
        using var document = json is null ? null : Parse(json);
        if (fields.Count > 0 && json is not null && document is null)
        {
            return ErrorCodes.InvalidMetadata.WithCause("metaData is not a JSON object");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in fields.Where(field => !field.HoldsHandle))
        {
            if (Value(document, field).Failed(out var value, out var refused))
            {
                return refused;
            }

            if (value.Length > 0)
            {
                values[field.Path] = value;
            }
        }

        return FindExcess(values) is { } excess ? ErrorCodes.InvalidMetadata.WithCause(excess) : values;
    }

    /// <summary>
    /// What is too long in a user's or an invitation's values: one over 1,000 characters, or all over 4 KiB in a token. Null for nothing.
    /// </summary>
    public static string? FindExcess(IReadOnlyDictionary<string, string> values) =>
        values.FirstOrDefault(value => value.Value.EnumerateRunes().Count() > MaxValueLength) is { Key: { } path }
            ? $"{path} is longer than {MaxValueLength} characters"
        : SizeOf(values) > MaxDocumentSize ? $"longer than {MaxDocumentSize} bytes in all"
        : null;

    /// <summary>As many of the values as fit, the first ones first.</summary>
    public static Dictionary<string, string> Fitting(IEnumerable<KeyValuePair<string, string>> values)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, value) in values)
        {
            if (kept.TryAdd(path, value) && FindExcess(kept) is not null)
            {
                kept.Remove(path);
            }
        }

        return kept;
    }

    private static long SizeOf(IReadOnlyDictionary<string, string> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Unescaped))
        {
            Nest(values).WriteTo(writer);
        }

        return buffer.Length;
    }

    /// <summary>
    /// As <see cref="Validate"/>, but 602 when the document does not parse: the contract of register differs from signup's.
    /// </summary>
    public static Result<IReadOnlyDictionary<string, string>> ValidateForRegister(IReadOnlyCollection<MetadataField> fields, string? json)
    {
        using var document = json is null ? null : Parse(json);
        return fields.Count > 0 && json is not null && document is null
            ? ErrorCodes.InvalidData.WithCause("metaData is not a JSON object")
            : Validate(fields, json);
    }

    /// <summary>
    /// Applies setUserMetadata. Sent editable fields are replaced, unsent editable ones are removed, and the others stay. 602 when the
    /// application defines no fields or the document does not parse; 604 when a field is not allowed, or a required one is missing.
    /// </summary>
    public static Result<IReadOnlyDictionary<string, string>> Edit(IReadOnlyList<MetadataField> fields, User user, string json)
    {
        using var document = Parse(json);
        if (fields.Count == 0 || document is null)
        {
            return ErrorCodes.InvalidData.WithCause(
                document is null ? "metaData is not a JSON object" : "the application defines no metadata"
            );
        }

        // An app may send back what getUser returned, so the unchanged handle is allowed.
        if (
            fields.Any(field => field.HoldsHandle && IsSent(document, field) && Value(document, field).Value != user.Handle)
            || fields.Any(field => !field.HoldsHandle && !field.CanEdit && IsSent(document, field))
        )
        {
            return ErrorCodes.InvalidMetadata.WithCause("a field that cannot be edited was sent");
        }

        if (Validate([.. fields.Where(field => field.CanEdit)], json).Failed(out var edited, out var refused))
        {
            return refused;
        }

        var editable = fields.Where(field => field.CanEdit).Select(field => field.Path).ToHashSet(StringComparer.Ordinal);
        var all = Read(user.Metadata).Where(value => !editable.Contains(value.Key)).Concat(edited).ToDictionary(StringComparer.Ordinal);
        var defined = all.Where(value => fields.Any(field => field.Path == value.Key)).ToDictionary(StringComparer.Ordinal);
        return FindExcess(defined) is { } excess ? ErrorCodes.InvalidMetadata.WithCause(excess) : all;
    }

    /// <summary>The user's own values as returned by getUser; null when there are none.</summary>
    public static JsonObject? Document(ApplicationSettings settings, User user) =>
        settings.MetaData.Count == 0 ? null : Document(settings.MetaData, user, Read(user.Metadata));

    /// <summary>The user's own and the invitation's values as one document for user JWTs; null when there are none.</summary>
    public static JsonObject? Claims(ApplicationSettings settings, User user) =>
        Document(settings.MetaData.Concat(settings.MetaDataInvite), user, Merge(user));

    /// <summary>The user's own and the invitation's values by path. Where both have one, the invitation's counts.</summary>
    public static Dictionary<string, string> Merge(User user) =>
        Read(user.InviteMetadata)
            .Concat(Read(user.Metadata))
            .DistinctBy(value => value.Key, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Converts values by path to a document as clients send it.</summary>
    public static JsonObject Nest(IEnumerable<KeyValuePair<string, string>> values)
    {
        var document = new JsonObject();
        foreach (var (path, value) in values)
        {
            SetAtPath(document, path, value);
        }

        return document;
    }

    /// <summary>The paths of a document's values; 604 when it does not parse.</summary>
    public static Result<IReadOnlyList<string>> Paths(string json)
    {
        using var document = Parse(json);
        return document is null
            ? ErrorCodes.InvalidMetadata.WithCause("metaData is not a JSON object")
            : PathsOf(document.RootElement, "").ToList();
    }

    private static IEnumerable<string> PathsOf(JsonElement element, string prefix) =>
        element
            .EnumerateObject()
            .SelectMany(one =>
                one.Value.ValueKind == JsonValueKind.Object ? PathsOf(one.Value, $"{prefix}{one.Name}.") : [$"{prefix}{one.Name}"]
            );

    private static JsonObject? Document(IEnumerable<MetadataField> fields, User user, IReadOnlyDictionary<string, string> values)
    {
        var document = new JsonObject();
        foreach (var field in fields)
        {
            if (DisplayValue(field, user, values) is { } value)
            {
                SetAtPath(document, field.Path, value);
            }
        }

        return document.Count == 0 ? null : document;
    }

    public static IReadOnlyDictionary<string, string> Read(string stored) =>
        JsonSerializer.Deserialize(stored, UsersJson.Default.DictionaryStringString) ?? [];

    public static string Write(IReadOnlyDictionary<string, string> values) =>
        JsonSerializer.Serialize(values.ToDictionary(StringComparer.Ordinal), UsersJson.Default.DictionaryStringString);

    private static string? DisplayValue(MetadataField field, User user, IReadOnlyDictionary<string, string> values)
    {
        if (user.Anonymous)
        {
            return values.GetValueOrDefault(field.Path, $"ANON_{field.FieldName}");
        }

        return field.HoldsHandle ? user.Handle : values.GetValueOrDefault(field.Path);
    }

    private static void SetAtPath(JsonObject document, string path, string value)
    {
        var segments = path.Split('.');
        foreach (var segment in segments[..^1])
        {
            if (document[segment] is not JsonObject inner)
            {
                document[segment] = inner = [];
            }

            document = inner;
        }

        document[segments[^1]] = value;
    }

    private static Result<string> Value(JsonDocument? document, MetadataField field)
    {
        var sent = document is null ? null : Find(document.RootElement, field.Path);
        if (sent is null or { ValueKind: JsonValueKind.Null })
        {
            return CheckRequired(field, "");
        }

        return Field.FromJson(sent.Value) is { Kind: FieldKind.Text, Text: var text }
            ? CheckRequired(field, text.Trim())
            : ErrorCodes.InvalidMetadata.WithCause($"{field.Path} is not text");
    }

    private static Result<string> CheckRequired(MetadataField field, string value) =>
        field.Required && value.Length == 0 ? ErrorCodes.InvalidMetadata.WithCause($"{field.Path} is required") : value;

    private static bool IsSent(JsonDocument document, MetadataField field) => Find(document.RootElement, field.Path) is not null;

    private static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var segment in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(segment, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or a name with an unpaired surrogate
        }
    }
}
