namespace Latchkey.Operations.UserTransfer;

/// <summary>A source of users. It can be read repeatedly: once to validate, once to import.</summary>
public interface IUserSource
{
    /// <summary>The length in bytes; the end of <see cref="SourceRow.Position"/>.</summary>
    long Length { get; }

    /// <summary>The columns found so far; complete after all rows are parsed.</summary>
    SourceColumns Columns { get; }

    /// <summary>All rows from the start, streamed.</summary>
    IEnumerable<SourceRow> Rows();

    /// <summary>Parses a row; called concurrently.</summary>
    RowValues Parse(SourceRow row);
}
