namespace Latchkey.Operations.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Message">What is so, in one sentence.</param>
/// <param name="Advice">What to do about it; null when it is good.</param>
public sealed record Finding(Severity Severity, string Subject, string Message, string? Advice = null)
{
    public static Finding Good(string subject, string says) => new(Severity.Good, subject, says);

    public static Finding Warning(string subject, string says, string advice) => new(Severity.Warning, subject, says, advice);

    public static Finding Bad(string subject, string says, string advice) => new(Severity.Bad, subject, says, advice);
}
