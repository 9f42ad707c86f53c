using System.Globalization;

namespace Latchkey.Users.Batches;

/// <summary>How many users match a list's filter.</summary>
/// <param name="Users">As many as were counted.</param>
/// <param name="IsExact">False when there are more, or may be.</param>
public sealed record BatchCount(long Users, bool IsExact)
{
    public override string ToString() =>
        IsExact ? BatchAction.FormatUsers(Users) : $"at least {Users.ToString("N0", CultureInfo.InvariantCulture)} users";
}
