namespace Latchkey.Data;

/// <summary>
/// Removes what has expired of one kind. Each room registers its own (<see cref="DataServices.AddRetention"/>). Nothing depends on it
/// having run: expiry is decided where a thing is used.
/// </summary>
public sealed record RetentionStep(Func<RetentionRun, Task> Run);
