using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Maps a file's columns to fields, by name or by the operator's mapping.</summary>
public sealed class FieldMap
{
    private const string MetadataPrefix = "metaData.";
    private const string InvitePrefix = "inviteMetaData.";
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
                : ParseTarget(pair[(split + 1)..]);
            if (target is null || !map.mapped.TryAdd(pair[..split].Trim(), target))
            {
                return Setting.Invalid(
                    $"--map {pair} is not COLUMN=FIELD, or its column is there twice. The fields are {UserFields.AllNames}, "
                        + "metaData.PATH and inviteMetaData.PATH."
                );
            }
        }

        return map;
    }

    /// <summary>The target of a column; null when unknown.</summary>
    public FieldTarget? Resolve(string name) => mapped.GetValueOrDefault(name.Trim()) ?? ParseTarget(name.Trim());

    private static FieldTarget? ParseTarget(string name) =>
        UserFields.Find(name) is { } field ? new FieldTarget(field)
        : PathIn(name, MetadataPrefix) is { } path ? new FieldTarget(UserField.MetaData, path)
        : PathIn(name, InvitePrefix) is { } invitePath ? new FieldTarget(UserField.InviteMetaData, invitePath)
        : null;

    private static string? PathIn(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && MetadataFields.IsPath(name[prefix.Length..])
            ? name[prefix.Length..]
            : null;
}
