using Latchkey.Activity.Audit;

namespace Latchkey.Applications;

/// <summary>The caller of a change: the role for authorisation, the actor for the log.</summary>
public sealed record ChangeContext(Actor Actor, Role Role)
{
    public string Name => Actor.Name;

    /// <summary>Shell access to the server has operator rights.</summary>
    public static ChangeContext CommandLine { get; } = new(Actor.CommandLine, Role.Operator);
}
