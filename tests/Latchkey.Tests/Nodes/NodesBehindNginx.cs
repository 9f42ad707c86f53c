using System.Text.RegularExpressions;

namespace Latchkey.Tests.Nodes;

/// <summary>Nodes of one installation behind nginx with the configuration that we ship, but for addresses and TLS; each request goes to any of them.</summary>
public sealed partial class NodesBehindNginx : IAsyncDisposable
{
    private readonly InstallationUnderTest installation;
    private readonly string folder;
    private readonly string[] options;
    private readonly List<ServerProcess> nodes;
    private readonly ChildProcess nginx;

    private NodesBehindNginx(InstallationUnderTest installation, string folder, string[] options, List<ServerProcess> nodes, ServerProcess proxy, ChildProcess nginx) =>
        (this.installation, this.folder, this.options, this.nodes, Proxy, this.nginx) = (installation, folder, options, nodes, proxy, nginx);

    /// <summary>What clients talk to.</summary>
    public ServerProcess Proxy { get; }

    public IReadOnlyList<ServerProcess> All => nodes;

    /// <param name="installation">The database that they share.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="isLimited">False for loads that the limits would end.</param>
    public static async Task<NodesBehindNginx> Start(InstallationUnderTest installation, int count, bool isLimited = false)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        string[] options = isLimited ? ["--public-url", $"{address}", "--proxies", "127.0.0.1/32"] : ["--limits", "off"];
        var nodes = new List<ServerProcess>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(ServerProcess.Launch(installation, options));
        }

        await Task.WhenAll(nodes.Select(node => node.IsReady()));
        var folder = Directory.CreateTempSubdirectory("latchkey-nginx-").FullName;
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, address, nodes));
        var nginx = ChildProcess.Start("/usr/sbin/nginx", ["-p", folder, "-c", configuration, "-g", "daemon off;"]);
        var proxy = ServerProcess.At(installation, address, nginx);
        await proxy.IsReady();
        return new(installation, folder, options, nodes, proxy, nginx);
    }

    /// <summary>Starts a node in the place of one that has ended, at its address.</summary>
    public async Task Replace(ServerProcess ended)
    {
        var node = ServerProcess.Launch(installation, options, address: ended.Address);
        nodes[nodes.IndexOf(ended)] = node;
        await ended.DisposeAsync();
        await node.IsReady();
    }

    public async ValueTask DisposeAsync()
    {
        nginx.Signal(ChildProcess.Terminate); // it ends its workers
        await nginx.Exited();
        await nginx.DisposeAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string Configuration(string folder, Uri address, IEnumerable<ServerProcess> nodes)
    {
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "nginx.conf"));
        shipped = UpstreamServers().Replace(shipped, "");
        shipped = shipped.Replace("    least_conn;", $"    random;\n{string.Concat(nodes.Select(node => $"    server {node.Address.Authority} max_fails=2 fail_timeout=1s;\n"))}");
        shipped = TlsLines().Replace(shipped, "").Replace("listen 443 ssl http2;", $"listen {address.Authority};");
        shipped.ShouldContain($"listen {address.Authority};");
        shipped.ShouldContain("random;");
        return $$"""
            user root;
            worker_processes 1;
            pid {{folder}}/pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            {{shipped}}
            }
            """;
    }

    [GeneratedRegex(@"^    server 10\..*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UpstreamServers();

    [GeneratedRegex(@"^ *(ssl_|http2 ).*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TlsLines();
}
