using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Latchkey.Data;

/// <summary>
/// A prepared SELECT of SQLite, run by SQLite's own functions. Microsoft.Data.Sqlite's command, parameters and reader cost as much as the
/// rest of such a statement.
/// </summary>
internal sealed class SqliteStatement : IRow, IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    /// <summary>SQLite's places of the parameters <c>$1</c>, <c>$2</c> and so on, which it counts as they come in the text.</summary>
    private readonly int[] places;

    /// <exception cref="SqliteException">The statement cannot be prepared.</exception>
    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection, sql, out statement), connection);
        places =
        [
            .. Enumerable
                .Range(1, raw.sqlite3_bind_parameter_count(statement))
                .Select(number => raw.sqlite3_bind_parameter_index(statement, string.Create(CultureInfo.InvariantCulture, $"${number}"))),
        ];
    }

    /// <summary>The first row; null when there is none.</summary>
    /// <exception cref="SqliteException">The statement failed, or the database stayed locked for the connection's busy_timeout.</exception>
    public T? First<T>(Func<IRow, T> read, ReadOnlySpan<string> parameters)
        where T : class
    {
        if (parameters.Length != places.Length)
        {
            throw new ArgumentException($"{places.Length} parameters are needed", nameof(parameters)); // the last call's would be used
        }

        try
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(statement, places[i], parameters[i]), connection);
            }

            var result = raw.sqlite3_step(statement);
            if (result == raw.SQLITE_ROW)
            {
                return read(this);
            }

            SqliteException.ThrowExceptionForRC(result, connection);
            return null;
        }
        finally
        {
            _ = raw.sqlite3_reset(statement); // repeats the error of the step
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? throw Null(column);

    public long GetInt64(int column) => IsNull(column) ? throw Null(column) : raw.sqlite3_column_int64(statement, column);

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    private static InvalidOperationException Null(int column) => new($"column {column} is NULL");

    public void Dispose() => statement.Dispose();
}
