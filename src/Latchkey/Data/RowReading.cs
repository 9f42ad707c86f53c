using System.Data.Common;
using Latchkey.Core;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Reads a row without a mapper and without names: for the statements that every request runs. Dapper looks at the name and type of each
/// column for each execution, which costs more than the rest on SQLite.
/// </summary>
public static class RowReading
{
    /// <summary>
    /// The first row of a SELECT with the parameters <c>$1</c>, <c>$2</c> and so on; null when there is none. Nothing is asked with a text
    /// that no row can hold, such as one with NUL: PostgreSQL would refuse it.
    /// </summary>
    /// <param name="db">The connection.</param>
    /// <param name="sql">The statement, the same on both engines.</param>
    /// <param name="read">Reads the row by the places of its columns.</param>
    /// <param name="parameters">Their values.</param>
    public static async Task<T?> QueryRow<T>(this DbConnection db, string sql, Func<IRow, T> read, params string[] parameters)
        where T : class
    {
        if (!Array.TrueForAll(parameters, Field.IsStorable))
        {
            return null;
        }

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

    /// <summary>As above.</summary>
    public static Task<T?> QueryRow<T>(this DbConnection db, RowQuery<T> query)
        where T : class => db.QueryRow(query.Sql, query.Read, query.Parameters);

    /// <summary>The first rows of two SELECTs, on PostgreSQL in one round trip.</summary>
    public static async Task<(TFirst?, TSecond?)> QueryRows<TFirst, TSecond>(
        this DbConnection db,
        RowQuery<TFirst> first,
        RowQuery<TSecond> second
    )
        where TFirst : class
        where TSecond : class
    {
        var areStorable = Array.TrueForAll(first.Parameters, Field.IsStorable) && Array.TrueForAll(second.Parameters, Field.IsStorable);
        if (db is PreparedConnection || !areStorable)
        {
            return (await db.QueryRow(first), await db.QueryRow(second));
        }

        await using var batch = new NpgsqlBatch((NpgsqlConnection)db);
        batch.BatchCommands.Add(Command(first.Sql, first.Parameters));
        batch.BatchCommands.Add(Command(second.Sql, second.Parameters));
        await using var reader = await batch.ExecuteReaderAsync();
        var row = new ReaderRow(reader);
        var one = await reader.ReadAsync() ? first.Read(row) : null;
        return (one, await reader.NextResultAsync() && await reader.ReadAsync() ? second.Read(row) : null);
    }

    private static NpgsqlBatchCommand Command(string sql, string[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        return command;
    }
}
