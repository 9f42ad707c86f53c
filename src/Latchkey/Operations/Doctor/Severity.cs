namespace Latchkey.Operations.Doctor;

public enum Severity
{
    Good,

    /// <summary>It works, but may soon fail or perform badly.</summary>
    Warning,

    /// <summary>It does not work, or is insecure.</summary>
    Bad,
}
