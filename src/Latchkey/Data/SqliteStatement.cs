using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Latchkey.Data;

/// <summary>
/// A prepared statement of SQLite, run by SQLite's own functions. Microsoft.Data.Sqlite's command, parameters and reader cost as much as
/// the rest of a short statement.
/// </summary>
internal sealed class SqliteStatement : IRow, IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    /// <summary>The names of the parameters in SQLite's order, without the sign before them.</summary>
    private readonly string[] names;

    /// <summary>SQLite's places of the parameters <c>$1</c>, <c>$2</c> and so on, which it counts as they come in the text.</summary>
    private readonly int[] places;

    /// <summary>The properties of the last type of parameters, in the order of <see cref="names"/>; most statements have one.</summary>
    private (Type? Type, PropertyInfo[] Properties) last = (null, []);

    /// <exception cref="SqliteException">The statement cannot be prepared.</exception>
    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection, sql, out statement), connection);
        var count = raw.sqlite3_bind_parameter_count(statement);
        names = [.. Enumerable.Range(1, count).Select(place => raw.sqlite3_bind_parameter_name(statement, place).utf8_to_string()[1..])];
        places =
        [
            .. Enumerable
                .Range(1, count)
                .Select(number => raw.sqlite3_bind_parameter_index(statement, string.Create(CultureInfo.InvariantCulture, $"${number}"))),
        ];
    }

    /// <summary>Runs the statement. Each parameter <c>@Name</c> is a property of the object, in any case.</summary>
    /// <returns>The number in the first column of the first row that it returns; null when there is none.</returns>
    /// <exception cref="SqliteException">The statement failed.</exception>
    public long? Execute(object? parameters)
    {
        try
        {
            BindProperties(parameters);
            return StepToRow() && !IsNull(0) ? raw.sqlite3_column_int64(statement, 0) : null;
        }
        finally
        {
            _ = raw.sqlite3_reset(statement); // repeats the error of the step
        }
    }

    /// <summary>False when there is no row.</summary>
    private bool StepToRow()
    {
        var result = raw.sqlite3_step(statement);
        SqliteException.ThrowExceptionForRC(result, connection); // not for a row, and not for the end
        return result == raw.SQLITE_ROW;
    }

    private void BindProperties(object? parameters)
    {
        if (parameters is null || names.Length == 0)
        {
            return;
        }

        var type = parameters.GetType();
        if (last.Type != type)
        {
            last = (type, [.. names.Select(name => PropertyOf(type, name))]);
        }

        for (var i = 0; i < names.Length; i++)
        {
            SqliteException.ThrowExceptionForRC(Bind(i + 1, last.Properties[i].GetValue(parameters)), connection);
        }
    }

    private static PropertyInfo PropertyOf(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
        ?? throw new InvalidOperationException($"{type.Name} has no property for the parameter {name}");

    /// <summary>Values stand in the file as Microsoft.Data.Sqlite writes them.</summary>
    private int Bind(int place, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(statement, place),
            string text => raw.sqlite3_bind_text(statement, place, text),
            long number => raw.sqlite3_bind_int64(statement, place, number),
            int number => raw.sqlite3_bind_int64(statement, place, number),
            bool flag => raw.sqlite3_bind_int64(statement, place, flag ? 1 : 0),
            byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
            _ => throw new NotSupportedException($"a parameter of type {value.GetType().Name}"),
        };

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

            return StepToRow() ? read(this) : null;
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
