namespace Latchkey.Activity.Usage;

/// <summary>A number of users.</summary>
/// <param name="AsOf">When they were counted, in unix milliseconds; null for now.</param>
public sealed record UserTotal(long Count, long? AsOf = null);
