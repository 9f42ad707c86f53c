using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Latchkey.Bench;

/// <summary>A server process under measurement.</summary>
public sealed class MeasuredProcess : IAsyncDisposable
{
    private readonly Process process;

    private MeasuredProcess(Process process, string address, TimeSpan started) =>
        (this.process, Address, Started) = (process, address, started);

    public string Address { get; }

    public int Id => process.Id;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan Started { get; }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKilobytes =>
        long.Parse(
            File.ReadLines($"/proc/{process.Id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    /// <summary>Time on a processor since the start.</summary>
    public TimeSpan Processor => process.TotalProcessorTime;

    public static Task<MeasuredProcess> Latchkey(string dataFolder, string database, params string[] options) =>
        Start(
            RepositoryPaths.Program,
            address => ["serve", "--data", dataFolder, "--database", database, "--listen", address, .. options],
            "/health/live"
        );

    /// <param name="answer">A file whose bytes it answers.</param>
    public static Task<MeasuredProcess> Bare(string answer, string? database = null) =>
        Start(
            Environment.ProcessPath!,
            address => ["bare", address, answer, .. database is null ? Array.Empty<string>() : [database]],
            "/same"
        );

    public static Task<MeasuredProcess> Identity(string connection) =>
        Start(Environment.ProcessPath!, address => ["identity", address, connection], "/same");

    private static async Task<MeasuredProcess> Start(string program, Func<string, string[]> arguments, string ready)
    {
        var port = FreePort.Find();
        var address = $"http://127.0.0.1:{port}";
        var watch = Stopwatch.StartNew();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments(address))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.Write(line.Data is null ? "" : $"{line.Data}\n");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await Answers(port, ready))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
            }

            await Task.Delay(2);
        }

        return new(process, address, watch.Elapsed);
    }

    /// <summary>A plain socket, so that the first answer is not late by a client's own warming up.</summary>
    private static async Task<bool> Answers(int port, string path)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", port);
            await socket.SendAsync(
                System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
            );
            var answer = new byte[12];
            return await socket.ReceiveAsync(answer) >= 12 && System.Text.Encoding.ASCII.GetString(answer) == "HTTP/1.1 200";
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
