using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Latchkey.Tests.Harness;

/// <summary>A process of ours: its output kept, ended by its id, at the latest when the tests end.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    public const int Terminate = 15;
    public const int Interrupt = 2;
    public const int Killed = 9;
    public const int Stop = 19;
    public const int Continue = 18;
    private static readonly ConcurrentDictionary<int, ChildProcess> Running = new();

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private bool isDisposed;

    static ChildProcess() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var child in Running.Values)
            {
                child.process.Kill();
            }
        };

    private ChildProcess(Process process) => this.process = process;

    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>The files that are mapped into its memory (proc(5), maps).</summary>
    public string MappedFiles => File.ReadAllText($"/proc/{process.Id}/maps");

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += child.AppendLine;
        child.process.ErrorDataReceived += child.AppendLine;
        child.process.Start();
        Running[child.process.Id] = child;
        child.process.StandardInput.Close();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end and gives what it printed; fails unless it ends with 0.</summary>
    public static Task<string> Run(string program, params string[] arguments) => Run(program, arguments, []);

    /// <summary>The same, with variables besides those of this process.</summary>
    public static async Task<string> Run(
        string program,
        IReadOnlyList<string> arguments,
        IEnumerable<(string Name, string Value)> environment
    )
    {
        await using var child = Start(program, arguments, environment);
        await child.WaitForExit();
        var output = string.Join('\n', child.Lines);
        return child.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {child.ExitCode}: {output}");
    }

    public Task WaitForExit() => process.WaitForExitAsync();

    public void Signal(int signal) => _ = SendSignal(process.Id, signal);

    /// <summary>The stat files (proc(5)) of all processes of this machine; one may be gone when it is read.</summary>
    public static IEnumerable<string> StatFiles() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => Path.Combine(folder, "stat"))
            .Where(stat => char.IsAsciiDigit(stat["/proc/".Length]) && File.Exists(stat));

    /// <summary>Signals the process, and then the processes it has started.</summary>
    public void SignalAll(int signal)
    {
        Signal(signal);
        foreach (var stat in StatFiles())
        {
            if (ParentOf(stat) is { } found && found.Parent == process.Id)
            {
                _ = SendSignal(found.Child, signal);
            }
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>kill -9 for it and everything that it has started.</summary>
    public void KillTree() => process.Kill(entireProcessTree: true);

    /// <summary>Ends it now if it has not ended; what it printed stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        isDisposed = true;
        Running.TryRemove(process.Id, out _);
        process.Dispose();
    }

    /// <summary>The process of a /proc/…/stat and its parent; null when it has ended meanwhile.</summary>
    private static (int Child, int Parent)? ParentOf(string stat)
    {
        try
        {
            var text = File.ReadAllText(stat); // 12 (name, which may hold anything) S 1 …
            return (int.Parse(text[..text.IndexOf(' ')]), int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void AppendLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            lines.Enqueue(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
