using System.Data.Common;

namespace Latchkey.Data;

/// <summary>
/// A row that is read without a mapper, by the places of its columns (<see cref="RowReading.QueryRow"/>). NULL is an error where a method
/// does not say otherwise.
/// </summary>
public interface IRow
{
    bool IsNull(int column);

    string GetString(int column);

    long GetInt64(int column);

    bool GetBoolean(int column);

    int GetInt32(int column) => checked((int)GetInt64(column));

    string? GetStringOrNull(int column) => IsNull(column) ? null : GetString(column);

    long? GetInt64OrNull(int column) => IsNull(column) ? null : GetInt64(column);
}

/// <summary>A row of a reader.</summary>
internal sealed class ReaderRow(DbDataReader reader) : IRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public string GetString(int column) => reader.GetString(column);

    public long GetInt64(int column) => reader.GetInt64(column);

    public int GetInt32(int column) => reader.GetInt32(column);

    public bool GetBoolean(int column) => reader.GetBoolean(column);
}
