using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>Keeps what services in this process log, as lines such as <c>Error: It failed.</c></summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public void Dispose()
    {
        // it holds nothing
    }
}
