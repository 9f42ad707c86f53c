namespace Latchkey.Operations.UserTransfer;

/// <summary>The first users of a file, to detect unknown columns early.</summary>
/// <param name="HasHandle">Whether one of them has a handle.</param>
public sealed record SourceSample(IReadOnlyList<SourceRow> Rows, bool HasHandle)
{
    private const int MaxRows = 20;

    public static SourceSample Read(IUserSource source)
    {
        var rows = source.Rows().Take(MaxRows).ToList();
        return new SourceSample(rows, rows.ConvertAll(source.Parse).Exists(values => values[UserField.Handle] is not null));
    }
}
