using System.Globalization;

namespace Latchkey.Users.Administration;

/// <summary>How many rows a list has: exact up to <see cref="UserListCountStore.MaxLiveCount"/>, otherwise as last counted.</summary>
/// <param name="Count">The rows, or as many as are known.</param>
/// <param name="Accuracy">How well the number is known.</param>
public sealed record UserListTotal(long Count, UserListAccuracy Accuracy = UserListAccuracy.Exact)
{
    /// <summary>As in "1,204", "about 1,000,000" and "over 5,000".</summary>
    public override string ToString()
    {
        var number = Count.ToString("N0", CultureInfo.InvariantCulture);
        return Accuracy switch
        {
            UserListAccuracy.Counted => $"about {number}",
            UserListAccuracy.AtLeast => $"over {number}",
            _ => number,
        };
    }
}
