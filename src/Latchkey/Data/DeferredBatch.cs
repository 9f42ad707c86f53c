using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Statements that a PostgreSQL transaction sends together with its commit, in one round trip. SQLite runs them immediately.
/// </summary>
internal sealed partial class DeferredBatch
{
    private static readonly ConditionalWeakTable<DbConnection, DeferredBatch> ByConnection = [];
    private static readonly ConcurrentDictionary<(string Sql, Type Parameters), (string Sql, PropertyInfo[] Parameters)> Cache = new();

    private readonly List<(string Sql, object Parameters, Action<int>? Changed)> statements = [];

    /// <summary>Starts collecting statements for this connection's transaction.</summary>
    public static DeferredBatch Begin(DbConnection db)
    {
        var batch = new DeferredBatch();
        ByConnection.AddOrUpdate(db, batch);
        return batch;
    }

    /// <summary>False when nothing is collected: outside a transaction, or on SQLite.</summary>
    public static bool TryAdd(DbConnection db, string sql, object parameters, Action<int>? changed)
    {
        if (!ByConnection.TryGetValue(db, out var batch))
        {
            return false;
        }

        batch.statements.Add((sql, parameters, changed));
        return true;
    }

    /// <summary>Runs the collected statements and commits.</summary>
    public async Task Commit(NpgsqlConnection db, NpgsqlTransaction transaction)
    {
        if (statements.Count == 0)
        {
            await transaction.CommitAsync(CancellationToken.None);
            return;
        }

        await using var batch = new NpgsqlBatch(db, transaction);
        foreach (var (sql, parameters, _) in statements)
        {
            batch.BatchCommands.Add(Command(sql, parameters));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        for (var i = 0; i < statements.Count; i++)
        {
            statements[i].Changed?.Invoke(batch.BatchCommands[i].RecordsAffected);
        }
    }

    /// <summary>A parameter for each property that the statement names, in any case, as Dapper has it.</summary>
    public static NpgsqlBatchCommand Command(string sql, object parameters)
    {
        var (positional, properties) = Cache.GetOrAdd((sql, parameters.GetType()), one => ToPositional(one.Sql, one.Parameters));
        var command = new NpgsqlBatchCommand(positional);
        foreach (var property in properties)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = property.GetValue(parameters) ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The statement with $1, $2 and so on: Npgsql would look for names in its text at each execution.</summary>
    private static (string Sql, PropertyInfo[] Parameters) ToPositional(string sql, Type parameters)
    {
        var byName = parameters.GetProperties().ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var named = new List<PropertyInfo>();
        var positional = Parameter()
            .Replace(
                sql,
                match =>
                {
                    if (!byName.TryGetValue(match.Groups["name"].Value, out var property))
                    {
                        return match.Value;
                    }

                    if (!named.Contains(property))
                    {
                        named.Add(property);
                    }

                    return string.Create(CultureInfo.InvariantCulture, $"${named.IndexOf(property) + 1}");
                }
            );
        return (positional, [.. named]);
    }

    [GeneratedRegex("@(?<name>\\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
