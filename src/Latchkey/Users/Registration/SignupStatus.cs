namespace Latchkey.Users.Registration;

public static class SignupStatus
{
    public const string Pending = "pending";
    public const string Verified = "verified";

    /// <summary>Another request of the handle was completed.</summary>
    public const string Superseded = "superseded";

    /// <summary>Ended by newer requests of the same network. Its code is wrong.</summary>
    public const string Replaced = "replaced";
}
