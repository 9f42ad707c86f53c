namespace Latchkey.Users.Registration;

public static class SignupStatus
{
    public const string Pending = "pending";
    public const string Verified = "verified";
    public const string Superseded = "superseded";
}
