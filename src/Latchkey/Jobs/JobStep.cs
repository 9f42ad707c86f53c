namespace Latchkey.Jobs;

/// <summary>A job's progress.</summary>
/// <param name="Outcome">The result as one sentence when the job has finished; otherwise null.</param>
public sealed record JobStep(long Done, long Total, string? Outcome = null);
