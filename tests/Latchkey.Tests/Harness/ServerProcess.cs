using System.Net;

namespace Latchkey.Tests.Harness;

/// <summary>A real server process on loopback.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private ServerProcess(TestInstallation installation, Uri address, ChildProcess process) =>
        (Installation, Address, this.process) = (installation, address, process);

    public TestInstallation Installation { get; }

    public Uri Address { get; }

    public IReadOnlyCollection<string> Log => process.Lines;

    public IEnumerable<string> Errors => Log.Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal));

    /// <summary>Whether a library of the program is in its memory.</summary>
    public bool HasLoaded(string library) => process.MappedFiles.Contains(library, StringComparison.Ordinal);

    public static async Task<ServerProcess> Start(
        TestInstallation installation,
        string[]? options = null,
        (string Name, string Value)[]? environment = null
    )
    {
        var server = Launch(installation, options, environment);
        await server.WaitUntilReady();
        return server;
    }

    /// <summary>As <see cref="Start"/>, without waiting.</summary>
    /// <param name="program">Another program than the one under test.</param>
    public static ServerProcess Launch(
        TestInstallation installation,
        string[]? options = null,
        (string Name, string Value)[]? environment = null,
        Uri? address = null,
        string? program = null
    )
    {
        address ??= new Uri($"http://127.0.0.1:{FreePort.Find()}");
        string[] arguments =
        [
            "serve",
            "--data",
            installation.DataFolder,
            "--database",
            installation.DatabaseConnection,
            "--listen",
            address.GetLeftPart(UriPartial.Authority),
            .. options ?? [],
        ];
        return new(
            installation,
            address,
            ChildProcess.Start(
                program ?? RepositoryPaths.Program,
                arguments,
                [("LATCHKEY_OUTBOUND_NETWORKS", TestInstallation.StubNetworks), .. environment ?? []]
            )
        );
    }

    /// <summary>
    /// Another process that answers for the installation: a proxy before its nodes, or a server started in a way of its own.
    /// </summary>
    public static ServerProcess Attach(TestInstallation installation, Uri address, ChildProcess process) =>
        new(installation, address, process);

    /// <param name="path">Where a proxy has it.</param>
    public Task WaitUntilReady(string path = "") =>
        WaitUntil.IsTrue(
            $"{Address} is ready",
            async () =>
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"the server ended: {string.Join('\n', process.Lines)}");
                }

                try
                {
                    using var answer = await Clients.ForAddress("127.0.0.1").GetAsync(new Uri(Address, $"{path}/health/ready"));
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }
        );

    /// <summary>The first line of the log that contains this text. Waits for it: the log arrives some time after an answer.</summary>
    public Task<string> LogLine(string text) =>
        WaitUntil.IsNotNull(
            $"the log has {text}",
            () => Task.FromResult(Log.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)))
        );

    public Task<App> CreateApp(params string[] settings) => App.Create(this, settings);

    /// <summary>An application whose user JWTs are signed with RS256, for tests that look at them.</summary>
    public Task<App> CreateRsaApp(params string[] settings) => App.CreateRsa(this, settings);

    public Task<Reply> Send(HttpRequestMessage request, string from = "127.0.0.1") => Clients.Send(this, request, from);

    public Task<Reply> Get(string path, params (string Name, string Value)[] headers) => Send(Request(HttpMethod.Get, path, headers));

    public HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        // A doubled slash stays two
        var request = new HttpRequestMessage(method, new Uri(Address.GetLeftPart(UriPartial.Authority) + path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>kill -9.</summary>
    public Task Kill() => process.Kill();

    /// <summary>Asks it to stop, as a supervisor does, and gives its exit code.</summary>
    public async Task<int> Stop()
    {
        process.Signal(ChildProcess.Terminate);
        await process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Ends it if it still runs.</summary>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
