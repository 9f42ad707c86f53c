using System.Collections.Concurrent;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// The columns or JSON properties of a file. Thread-safe. A hostile file can have millions of names, so only the first thousand are stored.
/// </summary>
public sealed class SourceColumns(FieldMap map, bool ignoresUnknown = false)
{
    private const int MaxNames = 1000;
    private const int MaxNameLength = 200;
    private readonly ConcurrentDictionary<string, SourceColumn> columns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> unknown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> ignored = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> foreign = new(StringComparer.Ordinal);

    /// <summary>Whether one of them is the handle.</summary>
    public bool HasHandle { get; private set; }

    /// <summary>Unknown top-level names, in file order; empty when they are ignored.</summary>
    public IReadOnlyList<string> Unknown => ignoresUnknown ? [] : InOrder(unknown);

    /// <summary>Names that are ignored without being mapped to nothing.</summary>
    public IReadOnlyList<string> Ignored => ignoresUnknown ? [.. InOrder(unknown), .. InOrder(ignored)] : InOrder(ignored);

    /// <summary>Names of other systems that were recognised, with their fields.</summary>
    public IReadOnlyDictionary<string, string> Foreign =>
        foreign.Where(name => !ignored.ContainsKey(name.Key)).ToDictionary(StringComparer.Ordinal);

    /// <exception cref="UnreadableSourceException">A column is unknown, or none is the handle.</exception>
    /// <param name="addresses">A column with e-mail addresses, when none is the handle.</param>
    public void RequireKnown(string? addresses = null)
    {
        if (Unknown.Count > 0 || addresses is not null)
        {
            throw new UnreadableSourceException(UnknownColumns.Describe(Unknown, addresses));
        }
    }

    public SourceColumn Find(string path)
    {
        if (columns.TryGetValue(path, out var known))
        {
            return known;
        }

        var name = path.Trim();
        var target = map.Find(name);
        var column = new SourceColumn(
            path,
            target,
            map.IsMappedBelow(name) || ((target is null || target.Reading != ColumnReading.Value) && ColumnAliases.HasBelow(name))
        );
        HasHandle |= target?.Field == UserField.Handle;
        if (columns.Count < MaxNames && path.Length <= MaxNameLength)
        {
            columns.TryAdd(path, column);
            if (target is { Rank: > 0, Field: not null })
            {
                foreign.TryAdd(path, target.Name);
            }
        }

        return column;
    }

    /// <summary>Adds an unknown column or top-level property.</summary>
    public void AddUnknown(string path) => Add(unknown, path);

    /// <summary>Adds an ignored nested property.</summary>
    public void AddIgnored(string path) => Add(ignored, path);

    private static void Add(ConcurrentDictionary<string, int> names, string path)
    {
        if (!names.ContainsKey(path) && names.Count < MaxNames)
        {
            names.TryAdd(Strings.Truncate(path, MaxNameLength), names.Count);
        }
    }

    private static List<string> InOrder(ConcurrentDictionary<string, int> names) =>
        [.. names.OrderBy(name => name.Value).Select(name => name.Key)];
}
