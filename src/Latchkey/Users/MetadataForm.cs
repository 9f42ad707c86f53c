using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>Metadata as a form: one text value per defined field.</summary>
public static class MetadataForm
{
    /// <summary>The fields to fill in. The field that holds the handle is filled automatically.</summary>
    public static IEnumerable<MetadataField> Inputs(IEnumerable<MetadataField> fields) => fields.Where(field => !field.HoldsHandle);

    /// <summary>Errors by path; empty when valid.</summary>
    public static Dictionary<string, string> Validate(IEnumerable<MetadataField> fields, IReadOnlyDictionary<string, string> values)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Inputs(fields))
        {
            if (Metadata.Validate([field], Document(values)).Error is { } refused)
            {
                errors[field.Path] =
                    field.Required && values.GetValueOrDefault(field.Path, "").Trim().Length == 0
                        ? "This field is required."
                        : $"Refused: {refused.Cause}.";
            }
        }

        return errors;
    }

    /// <summary>The JSON document for <see cref="Metadata.Validate"/>.</summary>
    public static string Document(IReadOnlyDictionary<string, string> values) => Metadata.Nest(values).ToJsonString();
}
