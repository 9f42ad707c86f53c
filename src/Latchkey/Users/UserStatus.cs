namespace Latchkey.Users;

public static class UserStatus
{
    public const string Active = "active";
    public const string Suspended = "suspend";
}
