namespace Latchkey.Users;

public static class UserStatus
{
    public const string Active = "active";
    public const string Suspended = "suspend";

    /// <summary>Not stored: active, but locked by wrong passwords. Lists show it and filter by it.</summary>
    public const string Locked = "locked";

    /// <summary>Not stored as a status: the address is not proved, or is. Searches filter by it.</summary>
    public const string Unverified = "unverified";

    public const string Verified = "verified";
}
