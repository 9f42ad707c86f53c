using Latchkey.Activity.Audit;

namespace Latchkey.Applications.Settings;

/// <summary>The difference that a change makes to the named settings of an application.</summary>
public sealed class SettingsChange
{
    /// <summary>Longer values are not in the summary of the log's entry, only the setting's name.</summary>
    private const int MaxShownLength = 60;

    private readonly IReadOnlyList<(AuditChange Change, string Words)> differences;

    public SettingsChange(ApplicationRow before, ApplicationRow after, IEnumerable<string> names)
    {
        var (old, now) = (State(before), State(after));
        differences =
        [
            .. names
                .Where(name => old(name) != now(name))
                .Select(name => (ToChange(name, old(name), now(name)), Describe(name, old(name), now(name)))),
        ];
    }

    public IReadOnlyList<string> Names => [.. differences.Select(one => one.Change.Name)];

    /// <summary>The differences as a summary, except for a setting that has an entry of its own.</summary>
    public string DescribeExcept(string name) =>
        string.Join(", ", differences.Where(one => one.Change.Name != name).Select(one => one.Words));

    /// <summary>Every difference with what was before and after, except for a setting that has an entry of its own.</summary>
    public IReadOnlyList<AuditChange> ChangesExcept(string name) =>
        [.. differences.Select(one => one.Change).Where(change => change.Name != name)];

    /// <summary>The value of a setting for people; for a secret, its encrypted text.</summary>
    private static Func<string, string> State(ApplicationRow row)
    {
        var (settings, secrets) = (ApplicationRules.SettingsOf(row), SettingsDocument.Secrets(row.Settings));
        return name =>
            name switch
            {
                "name" => row.Name,
                "type" => row.Type,
                "status" => row.Status,
                _ when SettingCatalog.Find(name) is { Kind: not SettingKind.Secret } setting => setting.Format(settings),
                _ => secrets.GetValueOrDefault(name, ""),
            };
    }

    private static AuditChange ToChange(string name, string old, string now) =>
        SettingCatalog.Find(name)?.Kind switch
        {
            SettingKind.Secret => new(name, old.Length > 0 ? "set" : "", SecretChange(old, now)),
            SettingKind.Fields => FieldsChange(
                name,
                MetadataFields.Parse(name, old).Value ?? [],
                MetadataFields.Parse(name, now).Value ?? []
            ),
            _ => new(name, old, now),
        };

    /// <summary>Only the fields that are not the same, one on each line; all paths if only their order changed.</summary>
    private static AuditChange FieldsChange(string name, IReadOnlyList<MetadataField> old, IReadOnlyList<MetadataField> now) =>
        old.ToHashSet().SetEquals(now)
            ? new(name, string.Join('\n', old.Select(field => field.Path)), string.Join('\n', now.Select(field => field.Path)))
            : new(name, Lines(old.Except(now)), Lines(now.Except(old)));

    private static string Lines(IEnumerable<MetadataField> fields) =>
        string.Join(
            '\n',
            fields.Select(field =>
                $"{field.Path} as {field.FieldName}{(field.CanEdit ? ", can edit" : "")}{(field.Required ? ", required" : "")}"
                + (field.ServersOnly ? ", servers only" : "")
            )
        );

    private static string SecretChange(string old, string now) =>
        now.Length == 0 ? "removed"
        : old.Length == 0 ? "set"
        : "changed";

    private static string Describe(string name, string old, string now) =>
        SettingCatalog.Find(name)?.Kind switch
        {
            SettingKind.Secret => $"{name} {SecretChange(old, now)}",
            _ when old.Length > MaxShownLength || now.Length > MaxShownLength => name,
            null or SettingKind.Text => $"{name}: {Quoted(old)} → {Quoted(now)}",
            _ => $"{name}: {old} → {now}",
        };

    /// <summary>Quotes a text, so that its commas and arrows cannot look like other changes.</summary>
    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
