namespace Latchkey.Accounts;

public static class LinkPurpose
{
    public const string Reset = "reset";
    public const string Email = "email";
    public const string SignUp = "signup";
}
