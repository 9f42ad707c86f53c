namespace Latchkey.Operations.UserTransfer;

/// <summary>Users in a CSV file with a header.</summary>
public sealed class CsvSource : IUserSource
{
    private readonly string path;
    private readonly CsvHeader header;
    private readonly SourceColumn[] cells;
    private readonly RowReader reader;

    /// <exception cref="UnreadableSourceException">The header is missing, or has an unknown column.</exception>
    public CsvSource(string path, FieldMap map, SourceColumns columns, TimeProvider clock)
    {
        (this.path, Columns, Length) = (path, columns, new FileInfo(path).Length);
        (header, reader) = (CsvHeader.Read(path, map), new RowReader(columns, clock));
        cells =
        [
            .. header.Names.Select(name =>
                name.Trim().Length == 0 ? new SourceColumn(name, FieldTarget.Ignored, HasBelow: false) : WithoutEnvelope(columns.Find(name))
            ),
        ];
        RequireDistinct();
        foreach (var unknown in cells.Where(cell => cell is { Target: null, HasBelow: false }))
        {
            columns.AddUnknown(unknown.Path);
        }

        var sample = SourceSample.Read(this);
        columns.RequireKnown(sample.HasHandle || columns.HasHandle ? null : FindAddresses(sample.Rows));
    }

    public long Length { get; }

    public SourceColumns Columns { get; }

    public IEnumerable<SourceRow> Rows() =>
        CsvRows
            .Read(path, header.Separator)
            .Skip(header.Lines)
            .Select(row =>
                row.Problem switch
                {
                    null => row with { Problem = ValidateCellCount(row.Cells.Count) },
                    CsvRows.NotUtf8 => throw UnreadableSourceException.NotUtf8(row.Line),
                    _ => row,
                }
            );

    public RowValues Parse(SourceRow row)
    {
        var values = new RowValues { Problem = row.Problem };
        if (row.Problem is not null)
        {
            return values;
        }

        for (var i = 0; i < cells.Length && values.Problem is null; i++)
        {
            reader.Read(values, cells[i], row.Cells[i]);
        }

        DerivedValues.Complete(values);
        return values;
    }

    /// <summary>A cell cannot be an envelope.</summary>
    private static SourceColumn WithoutEnvelope(SourceColumn column) =>
        column.Target?.Reading == ColumnReading.Envelope ? column with { Target = null } : column;

    private string? ValidateCellCount(int count) =>
        count == header.Names.Count ? null : $"{count} cells where the header has {header.Names.Count}";

    /// <summary>Of several columns for one field, the one with the lowest rank is used. Two of the same rank are an error.</summary>
    private void RequireDistinct()
    {
        var sameTargets = cells
            .Where(cell =>
                cell.Target is { Field: not null, Reading: ColumnReading.Value or ColumnReading.VerifiedAt or ColumnReading.Phone } target
                && (!target.IsMetadata || target.Path.Length > 0)
            )
            .GroupBy(cell => cell.Target?.Name, StringComparer.Ordinal);
        foreach (var same in sameTargets)
        {
            var best = same.Min(cell => cell.Target?.Rank);
            if (same.Count(cell => cell.Target?.Rank == best) > 1)
            {
                throw new UnreadableSourceException($"Two columns of the file are mapped to {same.Key}.");
            }

            foreach (var other in same.Where(cell => cell.Target?.Rank > best))
            {
                Columns.AddIgnored(other.Path);
            }
        }
    }

    /// <summary>The first unknown column that contains an e-mail address.</summary>
    private string? FindAddresses(IReadOnlyList<SourceRow> sample) =>
        cells
            .Where((cell, i) => cell.Target is null && sample.Any(row => row.Problem is null && AddressFinder.IsAddress(row.Cells[i])))
            .FirstOrDefault()
            ?.Path;
}
