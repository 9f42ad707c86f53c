using System.Globalization;

namespace Latchkey.Cli;

/// <summary>Reports progress on standard error: a bar on a terminal, otherwise a line from time to time.</summary>
public sealed class ProgressReporter(TextWriter error, TimeProvider clock, string what)
{
    private const int Width = 30;
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly TerminalWriter? terminal = error is TerminalWriter { IsTerminal: true } shown ? shown : null;
    private readonly long began = clock.GetTimestamp();
    private long shown = clock.GetTimestamp();

    /// <param name="items">Done so far.</param>
    /// <param name="part">Of <paramref name="whole"/>, in any unit; no bar is drawn for a whole of 0.</param>
    public void Report(long items, long part, long whole)
    {
        if (clock.GetElapsedTime(shown) < (terminal is not null ? BarInterval : LineInterval))
        {
            return;
        }

        shown = clock.GetTimestamp();
        if (terminal is not null)
        {
            terminal.WriteRaw($"\r{Bar(part, whole)}{Text(items, part, whole)}\e[K");
        }
        else
        {
            error.WriteLine(Text(items, part, whole));
        }
    }

    /// <summary>The last word.</summary>
    public void Finish(long items)
    {
        var seconds = Math.Max(0.001, clock.GetElapsedTime(began).TotalSeconds);
        terminal?.WriteRaw("\r\e[K");
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {items:N0} in {seconds:F1} s ({items / seconds:N0}/s)"));
    }

    private string Text(long items, long part, long whole)
    {
        var elapsed = clock.GetElapsedTime(began);
        var share = whole > 0 ? Math.Clamp((double)part / whole, 0, 1) : 0;
        var left = share > 0.01 ? $", {elapsed * ((1 - share) / share):m\\:ss} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {items:N0}{(whole > 0 ? $" ({share * 100:F0} %)" : "")}, {items / Math.Max(0.001, elapsed.TotalSeconds):N0}/s{left}"
        );
    }

    private static string Bar(long part, long whole)
    {
        var filled = whole > 0 ? (int)Math.Clamp(Width * part / whole, 0, Width) : 0;
        return whole > 0 ? $"[{new string('#', filled)}{new string('.', Width - filled)}] " : "";
    }
}
