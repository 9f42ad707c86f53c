using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests.Harness;

/// <summary>The published program, running on a free port with a data folder of its own.</summary>
public sealed partial class LatchkeyServer : IAsyncDisposable
{
    public static readonly string Root = Path.GetFullPath(
        typeof(LatchkeyServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!
    );
    private static readonly Lazy<Task> Built = new(() => Shell.Run(Path.Combine(Root, "scripts/build")));

    /// <summary>The program, for its commands.</summary>
    public static string Executable { get; } = Path.Combine(Root, ".build/latchkey/latchkey");

    private readonly Process process;
    private readonly string data;

    private LatchkeyServer(Process process, string data, string url, string setupLink) =>
        (this.process, this.data, Url, SetupPath) = (process, data, url, new Uri(setupLink).PathAndQuery);

    /// <summary>Where it listens, without a trailing slash.</summary>
    public string Url { get; }

    /// <summary>The same by name: a browser has passkeys there, and not at an address.</summary>
    public string LocalhostUrl => Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>The one-time link that it printed, from its path on.</summary>
    public string SetupPath { get; }

    public string DataFolder => data;

    public static Task<LatchkeyServer> Start(params string[] options) => Start([], options);

    /// <param name="variables">Environment variables that set the installation up.</param>
    /// <param name="options">Of the command line.</param>
    public static Task<LatchkeyServer> Start((string Name, string Value)[] variables, params string[] options) =>
        Start(FreePort(), variables, options);

    /// <summary>With its public URL at localhost, where browsers have passkeys.</summary>
    public static Task<LatchkeyServer> StartAtLocalhost()
    {
        var port = FreePort();
        return Start(port, [], ["--public-url", $"http://localhost:{port}"]);
    }

    private static async Task<LatchkeyServer> Start(int port, (string Name, string Value)[] variables, string[] options)
    {
        await Built.Value;
        var (data, url) = (Directory.CreateTempSubdirectory("latchkey-browser-").FullName, $"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(
            Path.Combine(Root, ".build/latchkey/latchkey"),
            ["serve", "--data", data, "--listen", url, .. options]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = data,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["HOME"] = data; // whatever it would leave in a home folder, a test sees
        var process = Process.Start(start)!;
        var link = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            link = SetupLink().Match(line) is { Success: true } found ? found.Value : link;
            if (line.StartsWith("No mail provider", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // a full pipe would stop the server
                return new LatchkeyServer(process, data, url, link);
            }
        }

        throw new InvalidOperationException("latchkey did not start");
    }

    /// <summary>Runs a command of the program on this server's data, with one line of input.</summary>
    public async Task<string> Command(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, ".build/latchkey/latchkey"), [.. arguments, "--data", data])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var command = Process.Start(start)!;
        await command.StandardInput.WriteLineAsync(input);
        command.StandardInput.Close();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {command.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http\S+/portal/setup\?token=\S+", RegexOptions.None, 1000)]
    private static partial Regex SetupLink();
}
