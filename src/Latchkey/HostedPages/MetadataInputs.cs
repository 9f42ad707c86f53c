using System.Collections.Frozen;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Users;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>
/// The fields of the application that somebody who signs up must fill in. Their kind comes from the OpenID claim that a field is mapped to,
/// or has the name of. Nothing else of the form is read.
/// </summary>
public static class MetadataInputs
{
    private const string Prefix = "metaData.";
    private const int MaxLength = 1000;

    /// <summary>The attributes type and autocomplete of a claim (HTML §4.10.18.7.1).</summary>
    private static readonly FrozenDictionary<string, (string Type, string Autofill)> Kinds = new Dictionary<string, (string, string)>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["name"] = ("text", "name"),
        ["given_name"] = ("text", "given-name"),
        ["givenName"] = ("text", "given-name"),
        ["firstName"] = ("text", "given-name"),
        ["first_name"] = ("text", "given-name"),
        ["family_name"] = ("text", "family-name"),
        ["familyName"] = ("text", "family-name"),
        ["lastName"] = ("text", "family-name"),
        ["last_name"] = ("text", "family-name"),
        ["nickname"] = ("text", "nickname"),
        ["birthdate"] = ("date", "bday"),
        ["website"] = ("url", "url"),
        ["phone_number"] = ("tel", "tel"),
        ["phone"] = ("tel", "tel"),
        ["address.street_address"] = ("text", "street-address"),
        ["address.locality"] = ("text", "address-level2"),
        ["address.region"] = ("text", "address-level1"),
        ["address.postal_code"] = ("text", "postal-code"),
        ["address.country"] = ("text", "country-name"),
        ["company"] = ("text", "organization"),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The inputs; empty for none.</summary>
    public static string Html(ApplicationSettings settings, PageNote? note) =>
        string.Concat(Of(settings).Select((field, index) => Input(settings, field, $"field-{index}", note)));

    /// <summary>The values of a form; 604 when one is missing or too long. The document is null where there are no fields.</summary>
    public static Result<MetadataInput> Read(ApplicationSettings settings, OAuthParameters form)
    {
        var values = Values(settings, form);
        return values.Count == 0 && !Of(settings).Any() ? new MetadataInput(null)
            : Wrong(settings, values) is { Count: > 0 } wrong
                ? ErrorCodes.InvalidMetadata.WithCause($"missing or too long: {string.Join(", ", wrong)}")
            : new MetadataInput(MetadataForm.Document(values));
    }

    /// <summary>What the page shows again of a form.</summary>
    public static TypedFields Typed(ApplicationSettings settings, OAuthParameters form)
    {
        var values = Values(settings, form);
        return new TypedFields(form["handle"] ?? "", values, Wrong(settings, values));
    }

    private static IEnumerable<MetadataField> Of(ApplicationSettings settings) =>
        MetadataForm.Inputs(settings.MetaData).Where(field => field.Required);

    private static Dictionary<string, string> Values(ApplicationSettings settings, OAuthParameters form) =>
        Of(settings).ToDictionary(field => field.Path, field => form[Prefix + field.Path] ?? "", StringComparer.Ordinal);

    private static List<string> Wrong(ApplicationSettings settings, IReadOnlyDictionary<string, string> values) =>
        [.. MetadataForm.Validate(Of(settings), values).Keys];

    private static string Input(ApplicationSettings settings, MetadataField field, string id, PageNote? note)
    {
        var (type, autofill) = KindOf(settings, field);
        var isWrong = note?.Fields.Contains(field.Path, StringComparer.Ordinal) == true;
        return $"""
            <label for="{id}">{E(Label(field.FieldName))}</label>
            <input id="{id}" name="{E(Prefix + field.Path)}" type="{type}" value="{E(
                note?.Values.GetValueOrDefault(field.Path) ?? ""
            )}" autocomplete="{autofill}" maxlength="{MaxLength}" required dir="auto"{(
                isWrong ? $" aria-invalid=\"true\" aria-describedby=\"{NoteText.Id}\"" : ""
            )}>
            """;
    }

    private static (string Type, string Autofill) KindOf(ApplicationSettings settings, MetadataField field)
    {
        var claim = settings.ClaimMappings.FirstOrDefault(mapping => mapping.Path == field.Path)?.Claim;
        return (claim is not null && Kinds.TryGetValue(claim, out var ofClaim)) ? ofClaim
            : Kinds.TryGetValue(field.FieldName, out var ofName) ? ofName
            : ("text", "on");
    }

    /// <summary>A name of a program as people write it: firstName as First name.</summary>
    private static string Label(string name)
    {
        var words = string.Concat(
                name.Select((c, i) => char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]) ? $" {char.ToLowerInvariant(c)}" : $"{c}")
            )
            .Replace('_', ' ')
            .Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
