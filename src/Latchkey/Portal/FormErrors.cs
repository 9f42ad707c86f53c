using Latchkey.Core;

namespace Latchkey.Portal;

/// <summary>Everything that is wrong with a form: by field, and for the form as a whole.</summary>
public sealed class FormErrors
{
    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a field; null for nothing.</summary>
    public string? this[string field] => fields.GetValueOrDefault(field);

    /// <summary>What is wrong with no field in particular; null for nothing.</summary>
    public string? General { get; private set; }

    public bool Any => General is not null || fields.Count > 0;

    /// <param name="field">The field's name; null for the form as a whole.</param>
    /// <param name="error">Null when the field is right.</param>
    public void Add(string? field, Error? error)
    {
        if (error is null)
        {
            return;
        }

        if (field is null)
        {
            General = error.Message;
        }
        else
        {
            fields[field] = error.Message;
        }
    }
}
