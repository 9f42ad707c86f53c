namespace Latchkey.Users;

public static class UserStatus
{
    public const string Active = "active";
    public const string Suspended = "suspend";

    /// <summary>Not stored: active, but locked by wrong passwords. Lists show it and filter by it.</summary>
    public const string Locked = "locked";
}
