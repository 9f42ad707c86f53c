using System.Net.Http.Json;
using System.Net.Sockets;

namespace Latchkey.Tests.Hosting;

/// <summary>A server that listens on a Unix socket, as behind a proxy on the same machine.</summary>
public sealed class UnixSocketTests(ServerFixture servers)
{
    [Fact]
    public async Task Clients_come_through_the_socket_with_the_address_that_the_proxy_names()
    {
        var (folder, server) = await Start(Path.Combine(Directory.CreateTempSubdirectory("latchkey-socket-").FullName, "latchkey.sock"));
        await using (server)
        {
            var app = await server.CreateApp("signupFlow=none");
            using var client = Client(folder);
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://auth.example.com/api/appuser/signup")
            {
                Content = JsonContent.Create(new { handle = "ann@example.com", password = App.Password }),
                Headers = { { "app-token", app.Token }, { "X-Forwarded-For", "203.0.113.9" } },
            };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            await WaitUntil.IsTrue(
                "it is logged",
                async () =>
                    await app.Installation.Query<long>(
                        "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND client = '203.0.113.9'",
                        new { app.Id }
                    ) > 0
            );
            File.GetUnixFileMode(folder)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            (
                await client.GetAsync(new Uri("http://auth.example.com/health/ready"), TestContext.Current.CancellationToken)
            ).EnsureSuccessStatusCode();
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task The_socket_of_a_killed_server_is_taken_over_and_that_of_a_live_one_is_not()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("latchkey-socket-").FullName, "latchkey.sock");
        var (_, first) = await Start(path);
        await first.Kill();
        await first.DisposeAsync();
        File.Exists(path).ShouldBeTrue();
        var (_, second) = await Start(path);
        await using (second)
        {
            using var client = Client(path);
            (
                await client.GetAsync(new Uri("http://auth.example.com/health/ready"), TestContext.Current.CancellationToken)
            ).EnsureSuccessStatusCode();
            await Should.ThrowAsync<InvalidOperationException>(() => Start(path));
            (
                await client.GetAsync(new Uri("http://auth.example.com/health/ready"), TestContext.Current.CancellationToken)
            ).EnsureSuccessStatusCode();
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        var path = Path.GetTempFileName();
        await Should.ThrowAsync<InvalidOperationException>(() => Start(path));
        File.Exists(path).ShouldBeTrue();
        File.Delete(path);
    }

    [Theory]
    [InlineData("unix:latchkey.sock")]
    [InlineData("unix:/")]
    [InlineData("unix://host/latchkey.sock")]
    public async Task A_path_that_is_no_full_one_stops_the_start(string listen)
    {
        var installation = await servers.NewInstallation();
        (
            await CommandLine.Run([
                "serve",
                "--data",
                installation.DataFolder,
                "--database",
                installation.DatabaseConnection,
                "--listen",
                listen,
            ])
        ).ShouldFail("is not an address to listen on");
    }

    [Fact]
    public async Task Only_on_a_socket_the_public_url_must_be_set()
    {
        var installation = await servers.NewInstallation();
        (
            await CommandLine.Run([
                "serve",
                "--data",
                installation.DataFolder,
                "--database",
                installation.DatabaseConnection,
                "--listen",
                "unix:/tmp/x.sock",
            ])
        ).ShouldFail("LATCHKEY_PUBLIC_URL");
    }

    /// <summary>On loopback too, where the tests see when it is ready.</summary>
    private async Task<(string Path, ServerProcess Server)> Start(string path)
    {
        var (installation, address) = (await servers.NewInstallation(), new Uri($"http://127.0.0.1:{FreePort.Find()}"));
        string[] arguments =
        [
            "serve",
            "--data",
            installation.DataFolder,
            "--database",
            installation.DatabaseConnection,
            "--listen",
            $"{address.GetLeftPart(UriPartial.Authority)},unix:{path}",
            "--public-url",
            "https://auth.example.com",
        ];
        var server = ServerProcess.Attach(installation, address, ChildProcess.Start(RepositoryPaths.Program, arguments));
        await server.WaitUntilReady();
        return (path, server);
    }

    private static HttpClient Client(string path) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, stop) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
}
