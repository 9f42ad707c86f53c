using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Maps a file's columns and JSON properties to fields, by the operator's mapping, by name, or by another system's name.</summary>
public sealed class FieldMap
{
    private const string MetadataPrefix = "metaData.";
    private const string InvitePrefix = "inviteMetaData.";
    public static readonly FieldMap None = new();

    private readonly Dictionary<string, FieldTarget> mapped = new(StringComparer.OrdinalIgnoreCase);

    private FieldMap() { }

    /// <summary>Parses <c>COLUMN=FIELD</c>; an empty field ignores the column.</summary>
    public static Result<FieldMap> Read(IEnumerable<string> pairs)
    {
        var map = new FieldMap();
        foreach (var pair in pairs)
        {
            var split = pair.LastIndexOf('=');
            var target =
                split < 1 ? null
                : split == pair.Length - 1 ? FieldTarget.Ignored
                : FindField(pair[(split + 1)..].Trim()) ?? FindForeign(pair[(split + 1)..]);
            if (target is null || !map.mapped.TryAdd(pair[..split].Trim(), target))
            {
                return Setting.Invalid(
                    $"--map {Strings.Printable(pair)} is not COLUMN=FIELD, or its column is there twice. The fields are "
                        + $"{UserFields.AllNames}, metaData.PATH and inviteMetaData.PATH."
                );
            }
        }

        return map;
    }

    /// <summary>The target of a column, or of a path into JSON such as <c>profile.email</c>; null when unknown.</summary>
    public FieldTarget? Find(string path) => mapped.GetValueOrDefault(path) ?? FindField(path) ?? ColumnAliases.Find(path);

    /// <summary>Whether the operator mapped a path below this column or property.</summary>
    public bool IsMappedBelow(string path) =>
        mapped.Keys.Any(key =>
            key.Length > path.Length && key[path.Length] == '.' && key.StartsWith(path, StringComparison.OrdinalIgnoreCase)
        );

    private static FieldTarget? FindField(string name) =>
        UserFields.Find(name) is UserField.LinkedIdentities
            ? new FieldTarget(UserField.LinkedIdentities) { Reading = ColumnReading.LinkedIdentities }
        : UserFields.Find(name) is { } field ? new FieldTarget(field)
        : PathIn(name, MetadataPrefix) is { } path ? new FieldTarget(UserField.MetaData, path)
        : PathIn(name, InvitePrefix) is { } invitePath ? new FieldTarget(UserField.InviteMetaData, invitePath)
        : null;

    /// <summary>Another system's name as a target: <c>--map bloqueado=blocked</c>.</summary>
    private static FieldTarget? FindForeign(string name) => ColumnAliases.Find(name) is { } target ? target with { Rank = 0 } : null;

    private static string? PathIn(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && MetadataFields.IsPath(name[prefix.Length..])
            ? name[prefix.Length..]
            : null;
}
