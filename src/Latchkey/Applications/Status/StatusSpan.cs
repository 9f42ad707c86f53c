namespace Latchkey.Applications.Status;

/// <summary>A status with its end.</summary>
/// <param name="EndedAt">Unix milliseconds; null for the current status.</param>
public sealed record StatusSpan(StatusRow Row, long? EndedAt);
