using System.Data.Common;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Reads a row without a mapper and without names: for the statements that every request runs. Dapper looks at the name and type of each
/// column for each execution, which costs more than the rest on SQLite.
/// </summary>
public static class RowReading
{
    /// <summary>The first row of a SELECT with the parameters <c>$1</c>, <c>$2</c> and so on; null when there is none.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="sql">The statement, the same on both engines.</param>
    /// <param name="read">Reads the row by the places of its columns.</param>
    /// <param name="parameters">Their values.</param>
    public static async Task<T?> QueryRow<T>(this DbConnection db, string sql, Func<IRow, T> read, params string[] parameters)
        where T : class
    {
        if (db is PreparedConnection sqlite)
        {
            return sqlite.QueryRow(sql, read, parameters);
        }

        await using var command = ((NpgsqlConnection)db).CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            // Npgsql takes parameters of this form without names, and then sends the text as it is.
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? read(new ReaderRow(reader)) : null;
    }
}
