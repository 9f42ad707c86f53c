namespace Latchkey.Operations.Doctor;

public enum Severity
{
    Good,

    /// <summary>It works, but perhaps not for long or not well.</summary>
    Warning,

    /// <summary>It does not work, or is not safe.</summary>
    Bad,
}
