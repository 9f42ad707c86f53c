using System.CommandLine;

namespace Latchkey.Cli;

/// <summary>What a command works with.</summary>
public sealed record CommandContext(ParseResult Parsed, IServiceProvider Services, TextWriter Output, TextWriter Error)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
