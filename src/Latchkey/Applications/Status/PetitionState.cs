namespace Latchkey.Applications.Status;

public static class PetitionState
{
    public const string Open = "open";
    public const string Granted = "granted";
    public const string Declined = "declined";
}
