using System.Data.Common;
using Npgsql;

namespace Latchkey.Data;

/// <summary>PostgreSQL, for more than one node. Each write is a transaction of its own on a pooled connection.</summary>
public sealed class PostgresDatabase(string connection) : Database(new PostgresDialect())
{
    private const int MostAttempts = 4;
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString(connection));

    public static bool Recognises(string connection) =>
        IsUri(connection) || connection.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> query)
    {
        await using var db = await source.OpenConnectionAsync();
        return await query(db);
    }

    public override async Task<T> Write<T>(Func<DbConnection, Task<T>> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(change);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostAttempts)
            {
                // The engine chose this transaction to give way; nothing of it happened.
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation && attempt == 1)
            {
                // Another transaction came between the look and the write: the second look sees what it did.
            }
        }
    }

    public override Task<string?> KeepCopy(int schema) => Task.FromResult<string?>(null);

    /// <summary>Listens on a channel until cancelled; each payload goes to <paramref name="received"/>.</summary>
    public async Task Listen(string channel, Action listening, Action<string> received, CancellationToken stop)
    {
        await using var db = await source.OpenConnectionAsync(stop);
        db.Notification += (_, message) => received(message.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", db))
        {
            await listen.ExecuteNonQueryAsync(stop);
        }

        listening();
        while (!stop.IsCancellationRequested)
        {
            await db.WaitAsync(stop);
        }
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> WriteOnce<T>(Func<DbConnection, Task<T>> change)
    {
        await using var db = await source.OpenConnectionAsync();
        await using var transaction = await db.BeginTransactionAsync();
        var outcome = await change(db);
        if (IsFailure(outcome))
        {
            await transaction.RollbackAsync();
        }
        else
        {
            await transaction.CommitAsync();
        }

        return outcome;
    }

    private static bool IsUri(string connection) =>
        connection.StartsWith("postgres://", StringComparison.Ordinal) || connection.StartsWith("postgresql://", StringComparison.Ordinal);

    private static string ConnectionString(string connection)
    {
        if (!IsUri(connection))
        {
            return connection;
        }

        var uri = new Uri(connection);
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }

        return builder.ToString();
    }
}
