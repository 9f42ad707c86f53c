using Latchkey.Activity.Audit;

namespace Latchkey.Applications;

/// <summary>Who asks for a change of an application, for the rules to judge and the log to name.</summary>
public sealed record ChangeContext(Actor Actor, Role Role)
{
    public string Name => Actor.Name;

    /// <summary>Whoever has a shell on the machine runs the installation.</summary>
    public static ChangeContext CommandLine { get; } = new(Actor.CommandLine, Role.Operator);
}
