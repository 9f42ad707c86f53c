using System.Globalization;
using Latchkey.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Latchkey.Hosting;

/// <summary>
/// Log lines for a terminal, one line each. Values come from strangers, so what is not printable is shown as an escape. No value can
/// command the terminal or forge a line.
/// </summary>
public sealed class TerminalLogFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "terminal";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        textWriter.WriteLine(
            $"{time} {Level(logEntry.LogLevel)} {logEntry.Category}: {OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception))}"
                + (logEntry.Exception is { } exception ? $" {OneLine(exception.ToString())}" : "")
        );
    }

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "FAIL",
            LogLevel.Critical => "CRIT",
            _ => "more",
        };

    private static string OneLine(string text) => Strings.Printable(text.ReplaceLineEndings(" "));
}
