using Latchkey.Audit;

namespace Latchkey.Applications;

/// <summary>Who asks for a change of an application, for the rules to judge and the log to name.</summary>
/// <param name="Name">An e-mail address, or the command line.</param>
public sealed record Requester(string Name, Standing Standing)
{
    /// <summary>Whoever has a shell on the machine runs the installation.</summary>
    public static Requester CommandLine { get; } = new(AuditEntry.ByCommandLine, Standing.Operator);
}

/// <summary>What someone is to an application; each includes those before it.</summary>
public enum Standing
{
    Editor,
    Owner,
    Operator,
}
