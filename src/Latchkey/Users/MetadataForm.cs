using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>Metadata as a form has it: one text for each defined field.</summary>
public static class MetadataForm
{
    /// <summary>The fields that somebody fills in; the one that holds the handle fills itself.</summary>
    public static IEnumerable<MetadataField> Inputs(IEnumerable<MetadataField> fields) => fields.Where(field => !field.HoldsHandle);

    /// <summary>Everything that is wrong, by path.</summary>
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

    /// <summary>What <see cref="Metadata.Validate"/> reads.</summary>
    public static string Document(IReadOnlyDictionary<string, string> values) => Metadata.Nest(values).ToJsonString();
}
