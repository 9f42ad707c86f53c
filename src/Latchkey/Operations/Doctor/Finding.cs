
namespace Latchkey.Operations.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Says">What is so, in one sentence.</param>
/// <param name="Advice">What to do about it; null when it is good.</param>
public sealed record Finding(Grade Grade, string Subject, string Says, string? Advice = null)
{
    public static Finding Good(string subject, string says) => new(Grade.Good, subject, says);

    public static Finding Warning(string subject, string says, string advice) => new(Grade.Warning, subject, says, advice);

    public static Finding Bad(string subject, string says, string advice) => new(Grade.Bad, subject, says, advice);
}

public enum Grade
{
    Good,

    /// <summary>It works, and may not for long or not well.</summary>
    Warning,

    /// <summary>It does not work, or is not safe.</summary>
    Bad,
}
