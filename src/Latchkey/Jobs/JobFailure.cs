namespace Latchkey.Jobs;

/// <summary>Something that a job could not do.</summary>
/// <param name="Path">The page of what it was about.</param>
/// <param name="Name">What it was about.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record JobFailure(string Path, string Name, string Reason);
