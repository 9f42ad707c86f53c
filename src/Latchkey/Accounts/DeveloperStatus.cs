namespace Latchkey.Accounts;

public static class DeveloperStatus
{
    public const string Active = "active";
    public const string Suspended = "suspended";
}
