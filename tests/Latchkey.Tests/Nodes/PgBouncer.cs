namespace Latchkey.Tests.Nodes;

/// <summary>PgBouncer in transaction mode before a cluster, whichever of its databases is asked for.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly string folder;
    private readonly ChildProcess process;

    private PgBouncer(string folder, int port, ChildProcess process) => (this.folder, Port, this.process) = (folder, port, process);

    public int Port { get; }

    public static async Task<PgBouncer> Start(PostgresCluster cluster)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-pgbouncer-").FullName;
        var (port, configuration) = (FreePort.Find(), Path.Combine(folder, "pgbouncer.ini"));
        await File.WriteAllTextAsync(
            configuration,
            $"""
            [databases]
            * = user=latchkey host=127.0.0.1 port={cluster.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 20
            max_client_conn = 300
            """
        );
        var (program, arguments) = PostgresCluster.AsPostgres("/usr/sbin/pgbouncer", configuration);
        await ChildProcess.Run("chmod", "-R", "a+rX", folder);
        var process = ChildProcess.Start(program, arguments);
        await WaitUntil.IsTrue(
            $"PgBouncer listens: {string.Join('\n', process.Lines)}",
            () => Task.FromResult(process.Lines.Any(line => line.Contains("process up")))
        );
        return new(folder, port, process);
    }

    /// <summary>kill -9.</summary>
    public Task Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
