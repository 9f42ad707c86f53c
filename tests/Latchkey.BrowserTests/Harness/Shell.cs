using System.Diagnostics;

namespace Latchkey.BrowserTests.Harness;

public static class Shell
{
    /// <summary>Runs what a person would paste into a terminal, and gives back what it prints.</summary>
    public static async Task<string> Run(string text)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", text]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return shell.ExitCode == 0 ? output : throw new InvalidOperationException($"{text} ended with {shell.ExitCode}");
    }
}
