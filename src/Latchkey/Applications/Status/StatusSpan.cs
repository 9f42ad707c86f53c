namespace Latchkey.Applications.Status;

/// <summary>A status from its beginning to the next one's, or to now.</summary>
/// <param name="EndedAt">Null for the one that lasts.</param>
public sealed record StatusSpan(StatusRow Row, long? EndedAt);
