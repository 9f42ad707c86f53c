using Latchkey.Activity.Audit;

namespace Latchkey.Applications;

/// <summary>Who asks for a change of an application, for the rules to judge and the log to name.</summary>
public sealed record Requester(Actor Actor, Standing Standing)
{
    public string Name => Actor.Name;

    /// <summary>Whoever has a shell on the machine runs the installation.</summary>
    public static Requester CommandLine { get; } = new(Actor.CommandLine, Standing.Operator);
}

/// <summary>What someone is to an application; each includes those before it.</summary>
public enum Standing
{
    Editor,
    Owner,
    Operator,
}
