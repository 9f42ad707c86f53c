namespace Latchkey.Users.Batches;

/// <summary>What was done with some users at once.</summary>
public sealed record BatchResult(int Changed, IReadOnlyList<BatchFailure> Failures);
