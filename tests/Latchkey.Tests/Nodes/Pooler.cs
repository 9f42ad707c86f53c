namespace Latchkey.Tests.Nodes;

/// <summary>PgBouncer in transaction mode between the nodes and PostgreSQL.</summary>
public sealed class Pooler(Servers servers)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_works_through_it_and_changed_settings_are_followed(bool listensDirectly)
    {
        Assert.SkipUnless(Engine.IsPostgres, "PgBouncer is for PostgreSQL");
        var direct = await servers.NewInstallation();
        (await direct.Run("migrate")).Worked();
        await using var pooler = await PgBouncer.Start(servers.Cluster!);
        await using var installation = InstallationUnderTest.On(direct.DatabaseConnection.Replace($":{servers.Cluster!.Port}/", $":{pooler.Port}/"), direct.DataFolder);
        (string, string)[] listen = listensDirectly ? [("LATCHKEY_DATABASE_LISTEN", direct.DatabaseConnection)] : [];
        await using var server = await ServerProcess.Start(installation, ["--limits", "off"], listen);
        var app = await server.CreateApp();

        await AppFlows.AtOnce(8, async i =>
        {
            var user = await app.JoinByCode($"user{i}@example.com");
            (await user.Post("setLocale", new { locale = "EN" })).ShouldBeTrue();
            (await app.TryLogin($"user{i}@example.com")).ShouldBeOk();
            return await user.TryGetUser();
        });
        (await app.UsersNamed("user0@example.com")).ShouldBe(1);
        await app.Set("name=Renamed");
        await app.Set("name=Renamed again");
        if (!listensDirectly)
        {
            await Until.IsTrue("it says that it cannot hear", () => Task.FromResult(server.Log.Any(line => line.Contains("LATCHKEY_DATABASE_LISTEN"))));
            await app.Set("name=Renamed once more");
        }
        else
        {
            server.Log.ShouldNotContain(line => line.Contains("LATCHKEY_DATABASE_LISTEN"));
        }

        server.Log.FirstOrDefault(line => line.Contains("\"Error\"")).ShouldBeNull();
    }

    private sealed class PgBouncer : IAsyncDisposable
    {
        private readonly string folder;
        private readonly ChildProcess process;

        private PgBouncer(string folder, int port, ChildProcess process) => (this.folder, Port, this.process) = (folder, port, process);

        public int Port { get; }

        public static async Task<PgBouncer> Start(PostgresCluster cluster)
        {
            var folder = Directory.CreateTempSubdirectory("latchkey-pgbouncer-").FullName;
            var (port, configuration) = (FreePort.Find(), Path.Combine(folder, "pgbouncer.ini"));
            await File.WriteAllTextAsync(configuration, $"""
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
                """);
            var (program, arguments) = PostgresCluster.AsPostgres("/usr/sbin/pgbouncer", configuration);
            await ChildProcess.Run("chmod", "-R", "a+rX", folder);
            var process = ChildProcess.Start(program, arguments);
            await Until.IsTrue($"PgBouncer listens: {string.Join('\n', process.Lines)}", () => Task.FromResult(process.Lines.Any(line => line.Contains("process up"))));
            return new(folder, port, process);
        }

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
