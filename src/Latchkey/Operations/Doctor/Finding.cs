namespace Latchkey.Operations.Doctor;

/// <summary>The result of a check.</summary>
/// <param name="Subject">The checked subject.</param>
/// <param name="Message">The result, in one sentence.</param>
/// <param name="Advice">How to fix it; null if it is good.</param>
public sealed record Finding(Severity Severity, string Subject, string Message, string? Advice = null)
{
    public static Finding Good(string subject, string says) => new(Severity.Good, subject, says);

    public static Finding Warning(string subject, string says, string advice) => new(Severity.Warning, subject, says, advice);

    public static Finding Bad(string subject, string says, string advice) => new(Severity.Bad, subject, says, advice);
}
