namespace Latchkey.Users.Sessions;

public static class CodePurpose
{
    public const string Reset = "reset";
    public const string Phone = "phone";
    public const string Login = "login";
}
