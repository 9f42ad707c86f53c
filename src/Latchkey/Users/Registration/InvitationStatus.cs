namespace Latchkey.Users.Registration;

public static class InvitationStatus
{
    public const string Pending = "pending";
    public const string Active = "active";

    /// <summary>Another invitation of the handle was accepted.</summary>
    public const string Superseded = "superseded";

    /// <summary>Ended by newer invitations of the same inviter. Its code is wrong.</summary>
    public const string Replaced = "replaced";
}
