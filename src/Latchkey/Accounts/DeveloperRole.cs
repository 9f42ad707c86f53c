namespace Latchkey.Accounts;

public static class DeveloperRole
{
    public const string Operator = "operator";
    public const string Developer = "developer";
}
