using System.CommandLine;

namespace Latchkey.Cli;

/// <summary>A command's context: services, arguments and output.</summary>
public sealed record CommandContext(ParseResult Parsed, IServiceProvider Services, TextWriter Output, TextWriter Error)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
