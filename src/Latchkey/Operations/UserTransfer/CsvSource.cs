namespace Latchkey.Operations.UserTransfer;

/// <summary>Users in a CSV file with a header, in UTF-8.</summary>
public sealed class CsvSource : IUserSource
{
    private readonly string path;
    private readonly FieldTarget[] columns;
    private readonly string[] header;

    /// <exception cref="UnreadableSourceException">The header is missing, or has an unknown column.</exception>
    public CsvSource(string path, FieldMap map)
    {
        this.path = path;
        Length = new FileInfo(path).Length;
        header = CsvRows.Read(path).FirstOrDefault() is { Problem: null } first
            ? [.. first.Cells]
            : throw new UnreadableSourceException("The file has no header. Its first line must contain the column names.");
        columns = [.. header.Select(name => map.Resolve(name) ?? throw Unknown(name))];
        var twice = columns
            .Where(target => target != FieldTarget.Ignored)
            .GroupBy(target => target)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is { Key: { Field: { } field } target })
        {
            throw new UnreadableSourceException(
                "Two columns of the file are mapped to " + $"{UserFields.Name(field)}{(target.Path.Length > 0 ? "." : "")}{target.Path}."
            );
        }
    }

    public long Length { get; }

    public IEnumerable<SourceRow> Rows() =>
        CsvRows.Read(path).Skip(1).Select(row => row.Problem is null ? row with { Problem = ValidateCellCount(row.Cells.Count) } : row);

    public RowValues Parse(SourceRow row)
    {
        var values = new RowValues { Problem = row.Problem };
        for (var i = 0; i < columns.Length && values.Problem is null; i++)
        {
            Set(values, columns[i], row.Cells[i]);
        }

        return values;
    }

    private string? ValidateCellCount(int cells) => cells == header.Length ? null : $"{cells} cells where the header has {header.Length}";

    private static void Set(RowValues values, FieldTarget target, string cell)
    {
        if (target.Field is not { } field || cell.Length == 0)
        {
            return;
        }

        if (field is not (UserField.MetaData or UserField.InviteMetaData))
        {
            values[field] = cell;
        }
        else if (target.Path.Length > 0)
        {
            values.MetadataOf(field)[target.Path] = cell;
        }
        else
        {
            MetadataReader.Read(values, field, cell);
        }
    }

    private static UnreadableSourceException Unknown(string name) =>
        new(
            $"There is no field {name}. Map the column with --map \"{name}=FIELD\", or leave it out with --map \"{name}=\". The "
                + $"fields are {UserFields.AllNames}, metaData.PATH and inviteMetaData.PATH."
        );
}
