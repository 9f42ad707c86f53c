namespace Latchkey.Jobs;

/// <summary>How far a job has come.</summary>
/// <param name="Outcome">One sentence for people when it is finished; null while there is more to do.</param>
public sealed record JobStep(long Done, long Total, string? Outcome = null);
