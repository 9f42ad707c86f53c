namespace Latchkey.Data;

/// <summary>
/// Deletes expired rows of one kind. Each room registers its own (<see cref="DataServices.AddRetention"/>). Correctness never depends
/// on it: expiry is checked at use.
/// </summary>
public sealed record RetentionStep(Func<RetentionRun, Task> Run);
