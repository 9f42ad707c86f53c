namespace Latchkey.Operations.Overview;

/// <summary>A queue of background work.</summary>
/// <param name="Kind">What waits in it.</param>
/// <param name="Waiting">How many wait, up to <see cref="InstallationOverviewStore.MaxCounted"/> + 1.</param>
/// <param name="Oldest">Since when the oldest waits, in unix milliseconds; null for an empty queue.</param>
public sealed record QueueState(QueueKind Kind, long Waiting, long? Oldest);
