using System.Text.RegularExpressions;

namespace Latchkey.Tests.Nodes;

/// <summary>
/// Nodes of one installation behind nginx with the configuration that we ship, but for addresses and TLS; each request goes to any of them.
/// </summary>
public sealed partial class NodesBehindNginx : IAsyncDisposable
{
    private readonly string folder;
    private readonly string[] options;
    private readonly List<ServerProcess> nodes;
    private readonly ChildProcess nginx;

    private NodesBehindNginx(string folder, string[] options, List<ServerProcess> nodes, ServerProcess proxy, ChildProcess nginx) =>
        (this.folder, this.options, this.nodes, Proxy, this.nginx) = (folder, options, nodes, proxy, nginx);

    /// <summary>What clients talk to.</summary>
    public ServerProcess Proxy { get; }

    public IReadOnlyList<ServerProcess> All => nodes;

    /// <param name="installation">The database that they share.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="isLimited">False for loads that the limits would end.</param>
    /// <param name="requestsPerSecond">In place of the number that we ship.</param>
    public static Task<NodesBehindNginx> Start(
        TestInstallation installation,
        int count,
        bool isLimited = false,
        int requestsPerSecond = 0
    ) => StartOn([.. Enumerable.Repeat(installation, count)], isLimited, requestsPerSecond);

    /// <summary>One node whose public URL has a path; only requests below the path reach it.</summary>
    /// <param name="installation">Its database.</param>
    /// <param name="path">Such as <c>/auth</c>.</param>
    /// <param name="stripsPath">Whether nginx removes the path before it passes a request on.</param>
    public static Task<NodesBehindNginx> StartBelow(TestInstallation installation, string path, bool stripsPath) =>
        StartOn([installation], isLimited: true, path: path, stripsPath: stripsPath);

    /// <summary>Nodes that reach the same database in ways of their own.</summary>
    public static async Task<NodesBehindNginx> StartOn(
        IReadOnlyList<TestInstallation> installations,
        bool isLimited = false,
        int requestsPerSecond = 0,
        string path = "",
        bool stripsPath = false
    )
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        string[] options = isLimited
            ? ["--public-url", $"{address}{path.TrimStart('/')}", "--proxies", "127.0.0.1/32"]
            : ["--limits", "off"];
        var nodes = installations.Select(installation => ServerProcess.Launch(installation, options)).ToList();
        await Task.WhenAll(nodes.Select(node => node.WaitUntilReady()));
        var folder = Directory.CreateTempSubdirectory("latchkey-nginx-").FullName;
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            configuration,
            Below(path, stripsPath, Limited(Configuration(folder, address, nodes), isLimited, requestsPerSecond))
        );
        var nginx = ChildProcess.Start("/usr/sbin/nginx", ["-p", folder, "-c", configuration, "-g", "daemon off;"]);
        var proxy = ServerProcess.Attach(installations[0], address, nginx);
        await proxy.WaitUntilReady(path);
        return new(folder, options, nodes, proxy, nginx);
    }

    /// <summary>Starts a node in the place of one that has ended, at its address.</summary>
    public async Task Replace(ServerProcess ended)
    {
        var node = ServerProcess.Launch(ended.Installation, options, address: ended.Address);
        nodes[nodes.IndexOf(ended)] = node;
        await ended.DisposeAsync();
        await node.WaitUntilReady();
    }

    public async ValueTask DisposeAsync()
    {
        nginx.Signal(ChildProcess.Terminate); // it ends its workers
        await nginx.WaitForExit();
        await nginx.DisposeAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string Configuration(string folder, Uri address, IReadOnlyList<ServerProcess> nodes)
    {
        var shipped = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "nginx.conf"));
        shipped = UpstreamServers()
            .Replace(
                shipped,
                server =>
                    int.Parse(server.Groups["place"].Value) is var place && place <= nodes.Count
                        ? $"    server {nodes[place - 1].Address.Authority}{server.Groups["options"].Value}\n"
                        : ""
            );
        shipped = TlsLines().Replace(shipped, "").Replace("listen 443 ssl http2;", $"listen {address.Authority};");
        shipped.ShouldContain($"listen {address.Authority};");
        nodes.ShouldAllBe(
            node => shipped.Split(node.Address.Authority, StringSplitOptions.None).Length == 3,
            "each serves, and again as a backup"
        );
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

    private static string Limited(string configuration, bool isLimited, int requestsPerSecond)
    {
        configuration.ShouldContain("rate=200r/s");
        configuration.ShouldContain("burst=400");
        return !isLimited ? LimitLines().Replace(configuration, "")
            : requestsPerSecond == 0 ? configuration
            : configuration.Replace("rate=200r/s", $"rate={requestsPerSecond}r/s").Replace("burst=400", $"burst={requestsPerSecond}");
    }

    /// <summary>As the comment in the file says.</summary>
    private static string Below(string path, bool stripsPath, string configuration)
    {
        configuration.ShouldContain("location / {");
        configuration.ShouldContain("proxy_pass http://latchkey;");
        return configuration
            .Replace("location / {", $"location {path}/ {{")
            .Replace("proxy_pass http://latchkey;", stripsPath ? "proxy_pass http://latchkey/;" : "proxy_pass http://latchkey;");
    }

    [GeneratedRegex(@"^ *limit_(req|conn)( |_zone ).*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex LimitLines();

    [GeneratedRegex(@"^    server 10\.0\.0\.1(?<place>\d):5400(?<options>.*)\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UpstreamServers();

    [GeneratedRegex(@"^ *(ssl_|http2 ).*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TlsLines();
}
