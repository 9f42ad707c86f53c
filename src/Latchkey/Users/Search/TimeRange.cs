namespace Latchkey.Users.Search;

/// <summary>A range of times in unix milliseconds.</summary>
/// <param name="From">The first that belongs to it; null for no beginning.</param>
/// <param name="To">The first after it; null for no end.</param>
public sealed record TimeRange(long? From, long? To);
