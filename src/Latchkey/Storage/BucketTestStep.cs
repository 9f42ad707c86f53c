namespace Latchkey.Storage;

/// <summary>One thing that was tried with a bucket.</summary>
/// <param name="Name">What was tried, such as "Write".</param>
/// <param name="Problem">What is wrong, as a sentence; null if it worked.</param>
public sealed record BucketTestStep(string Name, string? Problem);
