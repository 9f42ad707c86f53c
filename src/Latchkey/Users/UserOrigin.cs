namespace Latchkey.Users;

public static class UserOrigin
{
    public const string Signup = "signup";
    public const string Invitation = "invitation";
    public const string Portal = "portal";
    public const string Server = "server";
    public const string CommandLine = "cli";
    public const string Import = "import";
    public const string Social = "social";
    public const string Anonymous = "anonymous";
}
