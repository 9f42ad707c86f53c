using Latchkey.Data;
using Npgsql;

namespace Latchkey.Tests.Harness;

/// <summary>A private PostgreSQL in a temporary folder, reachable on loopback only; a fresh database for each installation.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string BinFolder = "/usr/lib/postgresql/15/bin";
    private const string Template = "latchkey_template";
    private static int databases;

    private readonly string folder;
    private ChildProcess server = null!;
    private bool hasTemplate;

    private PostgresCluster(string folder) => (this.folder, Port) = (folder, FreePort.Find());

    public int Port { get; }

    private string Data => Path.Combine(folder, "data");

    public static async Task<PostgresCluster> Start()
    {
        var cluster = new PostgresCluster(await NewFolder());
        await Run("initdb", "-D", cluster.Data, "-U", "latchkey", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions");
        await cluster.StartServer();
        return cluster;
    }

    /// <summary>A standby that streams from this cluster, which from now on answers no commit before the standby has it.</summary>
    public async Task<PostgresCluster> AddSynchronousStandby()
    {
        var standby = new PostgresCluster(await NewFolder());
        await Run("pg_basebackup", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "latchkey", "-D", standby.Data, "-R", "-c", "fast");
        await standby.StartServer();
        await RequireStandby("*");
        await WaitUntil.IsTrue(
            "the standby is synchronous",
            async () => await QueryScalar<string>("SELECT sync_state FROM pg_stat_replication") == "sync"
        );
        return standby;
    }

    /// <summary>Commits wait for a standby of this name from now on; for none when it is empty.</summary>
    public async Task RequireStandby(string name)
    {
        await Execute($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await Execute("SELECT pg_reload_conf()");
        await WaitUntil.IsTrue("it says so", async () => await QueryScalar<string>("SHOW synchronous_standby_names") == name);
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task Promote() => Execute("SELECT pg_promote()");

    /// <summary>kill -9 of all its processes, as when the machine goes.</summary>
    public async Task Kill()
    {
        server.SignalAll(ChildProcess.Killed);
        await server.WaitForExit();
    }

    /// <summary>Starts it again after <see cref="Kill"/>, at the same port.</summary>
    public async Task StartServer()
    {
        var (program, arguments) = AsPostgres(
            "postgres",
            "-D",
            Data,
            "-p",
            $"{Port}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            $"unix_socket_directories={folder}",
            "-c",
            "max_connections=400"
        );
        server = ChildProcess.Start(program, arguments);
        await WaitUntil.IsTrue("PostgreSQL takes connections", AcceptsConnections);
    }

    /// <summary>Stops all its processes where they are: connections stay open, and nothing answers.</summary>
    public void Pause() => server.SignalAll(ChildProcess.Stop);

    public void Continue() => server.SignalAll(ChildProcess.Continue);

    public async Task Execute(string sql)
    {
        await using var db = new NpgsqlConnection(Connection("postgres"));
        await db.OpenAsync();
        await using var command = new NpgsqlCommand(sql, db);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> QueryScalar<T>(string sql, string database = "postgres")
    {
        await using var db = new NpgsqlConnection(Connection(database));
        await db.OpenAsync();
        await using var command = new NpgsqlCommand(sql, db);
        return (T?)await command.ExecuteScalarAsync();
    }

    /// <summary>From now on new databases have the schema already, which tests would make a hundred times.</summary>
    public async Task MakeTemplate()
    {
        await Execute($"CREATE DATABASE {Template}");
        if (Engine.IsPartitioned)
        {
            await PartitionedSchema.Create(Address(Template));
        }
        else
        {
            await using var database = Database.Open(Address(Template));
            await new Migrator(database).Run();
        }

        hasTemplate = true;
    }

    /// <summary>A new database's connection, in the form that people write.</summary>
    public async Task<string> CreateDatabase(string? tablespace = null, bool isEmpty = false)
    {
        var name = $"latchkey_{Interlocked.Increment(ref databases)}";
        await Execute(
            $"CREATE DATABASE {name} {(hasTemplate && !isEmpty ? $"TEMPLATE {Template}" : "")} {(tablespace is null ? "" : $"TABLESPACE {tablespace}")}"
        );
        return Address(name);
    }

    public async ValueTask DisposeAsync()
    {
        server.SignalAll(ChildProcess.Continue);
        server.Signal(ChildProcess.Interrupt); // fast shutdown
        await server.WaitForExit();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AcceptsConnections()
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

    /// <summary>The folder of its Unix socket, as programs on the same machine write it for a host.</summary>
    public string SocketFolder => folder;

    private string Address(string database) => $"postgres://latchkey@127.0.0.1:{Port}/{database}";

    private string Connection(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username=latchkey;Pooling=false";

    private static async Task<string> NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.Run("chown", "postgres", folder); // initdb and postgres refuse to run as root
        }

        return folder;
    }

    private static Task Run(string name, params string[] given)
    {
        var (program, arguments) = AsPostgres(name, given);
        return ChildProcess.Run(program, arguments);
    }

    /// <summary>How a program is started that refuses to run as root.</summary>
    public static (string Program, string[] Arguments) AsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(BinFolder, program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : (path, arguments);
    }
}
