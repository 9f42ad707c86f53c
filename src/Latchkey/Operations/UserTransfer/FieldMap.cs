using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Where a column or property of a file goes: into a field, to a path of the metadata, or nowhere.</summary>
/// <param name="Path">A metadata path, for a name like <c>metaData.user_data.name</c>.</param>
public sealed record Target(UserField? Field, string Path = "")
{
    public static readonly Target Nowhere = new(Field: null);
}

/// <summary>Names of a file's columns, as they are or as the operator mapped them.</summary>
public sealed class FieldMap
{
    private const string MetadataPrefix = "metaData.";
    private const string InvitePrefix = "inviteMetaData.";
    private readonly Dictionary<string, Target> mapped = new(StringComparer.OrdinalIgnoreCase);

    private FieldMap()
    {
    }

    /// <summary>Reads <c>COLUMN=FIELD</c>; an empty field leaves the column out.</summary>
    public static Result<FieldMap> Read(IEnumerable<string> pairs)
    {
        var map = new FieldMap();
        foreach (var pair in pairs)
        {
            var split = pair.LastIndexOf('=');
            var target = split < 1 ? null : split == pair.Length - 1 ? Target.Nowhere : Known(pair[(split + 1)..]);
            if (target is null || !map.mapped.TryAdd(pair[..split].Trim(), target))
            {
                return Setting.Invalid($"--map {pair} is not COLUMN=FIELD, or its column is there twice. The fields are {UserFields.AllNames}, metaData.PATH and inviteMetaData.PATH.");
            }
        }

        return map;
    }

    /// <summary>Where a name goes; null when nobody said so.</summary>
    public Target? Of(string name) => mapped.GetValueOrDefault(name.Trim()) ?? Known(name.Trim());

    private static Target? Known(string name) =>
        UserFields.Find(name) is { } field ? new Target(field)
        : PathIn(name, MetadataPrefix) is { } path ? new Target(UserField.MetaData, path)
        : PathIn(name, InvitePrefix) is { } invitePath ? new Target(UserField.InviteMetaData, invitePath)
        : null;

    private static string? PathIn(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && MetadataFields.IsPath(name[prefix.Length..]) ? name[prefix.Length..] : null;
}
