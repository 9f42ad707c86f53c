using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Latchkey.Data;

/// <summary>Runs several statements and returns their results together.</summary>
public static class BatchedQueries
{
    /// <summary>
    /// Runs the statements in order, on PostgreSQL in one round trip. Returns the number in the first row of each, or null for none.
    /// </summary>
    /// <param name="db">The connection.</param>
    /// <param name="statements">SELECTs, or changes with RETURNING. Each parameter is a property of the object.</param>
    public static async Task<IReadOnlyList<long?>> QueryNumbers(
        this DbConnection db,
        params IReadOnlyList<(string Sql, object Parameters)> statements
    )
    {
        if (db is NpgsqlConnection postgres)
        {
            return await QueryInOneRoundTrip(postgres, statements);
        }

        var sqlite = (PreparedConnection)db;
        return [.. statements.Select(statement => sqlite.Execute(statement.Sql, statement.Parameters))];
    }

    private static async Task<IReadOnlyList<long?>> QueryInOneRoundTrip(
        NpgsqlConnection db,
        IReadOnlyList<(string Sql, object Parameters)> statements
    )
    {
        await using var batch = new NpgsqlBatch(db);
        foreach (var (sql, parameters) in statements)
        {
            batch.BatchCommands.Add(DeferredBatch.Command(sql, parameters));
        }

        var numbers = new List<long?>(statements.Count);
        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            var isThere = await reader.ReadAsync() && !await reader.IsDBNullAsync(0);
            numbers.Add(isThere ? Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture) : null);
        } while (await reader.NextResultAsync());

        return numbers;
    }
}
