using System.Text.Unicode;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Users in a JSON file.</summary>
public sealed class JsonSource : IUserSource
{
    private readonly string path;
    private readonly RowReader reader;

    /// <exception cref="UnreadableSourceException">The first users have unknown properties.</exception>
    public JsonSource(string path, SourceColumns columns, TimeProvider clock)
    {
        (this.path, Columns) = (path, columns);
        (Length, reader) = (new FileInfo(path).Length, new RowReader(columns, clock));
        var sample = SourceSample.Read(this);
        columns.RequireKnown(
            sample.HasHandle || columns.HasHandle
                ? null
                : sample.Rows.Select(row => AddressFinder.Find(row.Json)).FirstOrDefault(found => found is not null)
        );
    }

    public long Length { get; }

    public SourceColumns Columns { get; }

    public IEnumerable<SourceRow> Rows() =>
        JsonRows.Read(path).Select(row => Utf8.IsValid(row.Json) ? row : throw UnreadableSourceException.NotUtf8(row.Line));

    public RowValues Parse(SourceRow row)
    {
        var values = new RowValues { Problem = row.Problem };
        if (row.Problem is null)
        {
            reader.Read(values, row.Json);
            DerivedValues.Complete(values);
        }

        return values;
    }
}
