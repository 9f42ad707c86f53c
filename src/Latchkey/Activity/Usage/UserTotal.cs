using System.Globalization;

namespace Latchkey.Activity.Usage;

/// <summary>A number of users, or of rows of a list of theirs.</summary>
/// <param name="Count">The users, or as many as are known.</param>
/// <param name="AsOf">When they were counted, in unix milliseconds; null for a current count; 0 when there are more.</param>
public sealed record UserTotal(long Count, long? AsOf = null)
{
    /// <summary>Exact up to <see cref="UserCounts.MaxLiveCount"/>, otherwise as last counted in the background.</summary>
    /// <param name="live">Counted now, up to one more.</param>
    /// <param name="counted">The last count; 0 for none.</param>
    /// <param name="at">When that was, in unix milliseconds.</param>
    public static UserTotal Of(long live, long counted, long at) =>
        live <= UserCounts.MaxLiveCount ? new(live)
        : counted > UserCounts.MaxLiveCount ? new(counted, at)
        : new(UserCounts.MaxLiveCount, 0);

    /// <summary>As in "1,204", "about 1,000,000" and "over 5,000".</summary>
    public override string ToString()
    {
        var number = Count.ToString("N0", CultureInfo.InvariantCulture);
        return AsOf switch
        {
            null => number,
            0 => $"over {number}",
            _ => $"about {number}",
        };
    }
}
