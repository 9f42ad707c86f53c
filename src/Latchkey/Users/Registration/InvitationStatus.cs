namespace Latchkey.Users.Registration;

public static class InvitationStatus
{
    public const string Pending = "pending";
    public const string Active = "active";
    public const string Superseded = "superseded";
}
