namespace Latchkey.Operations.UserTransfer;

/// <summary>Where users come from. It can be read more than once: to check, and to write.</summary>
public interface IUserSource
{
    /// <summary>Bytes; what <see cref="SourceRow.Position"/> counts up to.</summary>
    long Length { get; }

    /// <summary>All rows, from the start, a few in memory at a time.</summary>
    IEnumerable<SourceRow> Rows();

    /// <summary>Looks into a row; called by several threads at once.</summary>
    RowValues Parse(SourceRow row);
}
