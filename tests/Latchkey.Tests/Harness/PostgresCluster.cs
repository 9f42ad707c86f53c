using Npgsql;

namespace Latchkey.Tests.Harness;

/// <summary>A private PostgreSQL in a temporary folder, reachable on loopback only; a fresh database for each installation.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private static int databases;

    private readonly string folder;
    private readonly int port;
    private readonly ChildProcess server;

    private PostgresCluster(string folder, int port, ChildProcess server) => (this.folder, this.port, this.server) = (folder, port, server);

    public static async Task<PostgresCluster> Start()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.Run("chown", "postgres", folder); // initdb and postgres refuse to run as root
        }

        var data = Path.Combine(folder, "data");
        var (program, arguments) = AsPostgres("initdb", "-D", data, "-U", "latchkey", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions");
        await ChildProcess.Run(program, arguments);
        var port = FreePort.Find();
        (program, arguments) = AsPostgres("postgres", "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400");
        var cluster = new PostgresCluster(folder, port, ChildProcess.Start(program, arguments));
        await Until.IsTrue("PostgreSQL takes connections", cluster.TakesConnections);
        return cluster;
    }

    /// <summary>A new database's connection, in the form that people write.</summary>
    public async Task<string> CreateDatabase()
    {
        var name = $"latchkey_{Interlocked.Increment(ref databases)}";
        await using var db = new NpgsqlConnection(Connection("postgres"));
        await db.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", db);
        await create.ExecuteNonQueryAsync();
        return $"postgres://latchkey@127.0.0.1:{port}/{name}";
    }

    public async ValueTask DisposeAsync()
    {
        server.Signal(ChildProcess.Interrupt); // fast shutdown
        await server.Exited();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> TakesConnections()
    {
        if (server.HasExited)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', server.Lines)}");
        }

        try
        {
            await using var db = new NpgsqlConnection(Connection("postgres"));
            await db.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string Connection(string database) => $"Host=127.0.0.1;Port={port};Database={database};Username=latchkey;Pooling=false";

    private static (string Program, string[] Arguments) AsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs, program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : (path, arguments);
    }
}
