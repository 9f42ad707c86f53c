using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>Parses, formats and validates definitions of metadata fields. Paths of reserved claims are refused.</summary>
public static class MetadataFields
{
    private const int MaxFields = 64;
    private const int MaxPathDepth = 8;
    private const int MaxNameLength = 64;

    /// <summary>Reserved top-level claims, compared case-insensitively.</summary>
    public static IReadOnlySet<string> ReservedClaims { get; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "kid",
            "alg",
            "typ",
            "uid",
            "scope",
            "handle",
            "appId",
            "userName",
            "email_verified",
            "sid",
            "azp",
            "nonce",
            "role",
            "roles",
            "cnf",
            "act",
        };

    /// <summary>Claims that are reserved too while the session mode is refresh.</summary>
    public static IReadOnlySet<string> SessionClaims { get; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "sid", "auth_time", "amr", "acr" };

    /// <summary>The fields of a setting: metaData or metaDataInvite.</summary>
    public static IReadOnlyList<MetadataField> ForSetting(ApplicationSettings settings, string setting) =>
        setting == "metaDataInvite" ? settings.MetaDataInvite : settings.MetaData;

    public static Result<IReadOnlyList<MetadataField>> Parse(string setting, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Trim().Length == 0 ? "[]" : json, new JsonDocumentOptions { MaxDepth = 4 });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? document.RootElement.EnumerateArray().Select(Read).ToList()
                : Invalid($"{setting} must be a JSON array of fields.");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return Invalid(
                $"{setting} is a JSON array like [{{\"path\":\"user_data.name\",\"fieldName\":\"name\",\"canEdit\":1,\"required\":1}}]."
            );
        }
    }

    public static string Write(IEnumerable<MetadataField> fields)
    {
        using var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartArray();
            foreach (var field in fields)
            {
                json.WriteStartObject();
                json.WriteString("path", field.Path);
                json.WriteString("fieldName", field.FieldName);
                json.WriteBoolean("canEdit", field.CanEdit);
                json.WriteBoolean("required", field.Required);
                if (field.ServersOnly)
                {
                    json.WriteBoolean("serversOnly", true);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Names of letters, digits, _ and - separated by dots.</summary>
    public static bool IsPath(string path) => path.Split('.') is { Length: <= MaxPathDepth } segments && segments.All(IsName);

    /// <summary>The first violated rule of the two lists, as a sentence; null when they are valid.</summary>
    public static Error? Validate(IReadOnlyList<MetadataField> user, IReadOnlyList<MetadataField> invite)
    {
        var all = user.Concat(invite).ToList();
        if (all.Count > MaxFields)
        {
            return Invalid($"An application can have at most {MaxFields} metadata fields.");
        }

        var broken = all.Select(Validate).FirstOrDefault(error => error is not null);
        if (broken is not null)
        {
            return broken;
        }

        foreach (var (field, index) in all.Select((field, index) => (field, index)))
        {
            var clash = all.Take(index).FirstOrDefault(other => Overlaps(field.Path, other.Path));
            if (clash is not null)
            {
                return Invalid($"The paths {clash.Path} and {field.Path} overlap. Each field needs its own path.");
            }
        }

        return null;
    }

    /// <summary>What stands in the way of the session mode refresh, as a sentence; null for nothing.</summary>
    public static Error? ValidateForSessions(ApplicationSettings settings) =>
        settings.MetaData.Concat(settings.MetaDataInvite).FirstOrDefault(field => SessionClaims.Contains(field.Path.Split('.')[0]))
            is { } field
            ? Invalid(
                $"The mode refresh sets the claim {field.Path.Split('.')[0]} in user JWTs. Give the metadata field {field.Path} "
                    + "another path first."
            )
            : null;

    private static Error? Validate(MetadataField field) => ValidatePath(field) ?? ValidateName(field);

    /// <summary>What is wrong with a field's name.</summary>
    public static Error? ValidateName(MetadataField field) =>
        IsName(field.FieldName)
            ? null
            : Invalid($"The field name {field.FieldName} must have 1 to {MaxNameLength} letters, digits, _ and -.");

    /// <summary>What is wrong with a field's path, for itself.</summary>
    public static Error? ValidatePath(MetadataField field)
    {
        var segments = field.Path.Split('.');
        if (segments.Length > MaxPathDepth || !segments.All(IsName))
        {
            return Invalid($"The path {field.Path} must be 1 to {MaxPathDepth} names of letters, digits, _ and -, separated by dots.");
        }

        if (ReservedClaims.Contains(segments[0]))
        {
            return Invalid($"{segments[0]} is a claim that Latchkey sets. Choose another path than {field.Path}.");
        }

        return
            segments[0].Equals(MetadataField.EmailFieldName, StringComparison.OrdinalIgnoreCase)
            && !(segments.Length == 1 && field.HoldsHandle && field.Path == MetadataField.EmailFieldName)
            ? Invalid("The path email is reserved for the user's address. Give it the field name email, or choose another path.")
            : null;
    }

    private static bool Overlaps(string one, string other) =>
        $"{one}.".StartsWith($"{other}.", StringComparison.OrdinalIgnoreCase)
        || $"{other}.".StartsWith($"{one}.", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameLength
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        && name is not ("__proto__" or "constructor" or "prototype");

    private static MetadataField Read(JsonElement field)
    {
        var path = (field.TryGetProperty("path", out var placed) ? placed.GetString() : null) ?? throw new FormatException("path");
        var name = field.TryGetProperty("fieldName", out var named) ? named.GetString() : path.Split('.')[^1];
        return new MetadataField(
            path.Trim(),
            (name ?? "").Trim(),
            Flag(field, "canEdit", true),
            Flag(field, "required", false),
            Flag(field, "serversOnly", false)
        );
    }

    private static bool Flag(JsonElement field, string name, bool absent) =>
        !field.TryGetProperty(name, out var value)
            ? absent
            : value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when value.TryGetInt32(out var number) && number is 0 or 1 => value.GetInt32() == 1,
                _ => throw new FormatException(name),
            };

    private static Error Invalid(string message) => ErrorCodes.InvalidData with { Message = message };
}
