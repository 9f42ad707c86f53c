namespace Latchkey.Activity.Usage;

/// <summary>A number of users.</summary>
/// <param name="AsOf">When the users were counted, in unix milliseconds; null for a current count.</param>
public sealed record UserTotal(long Count, long? AsOf = null);
