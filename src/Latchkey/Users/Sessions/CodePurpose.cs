namespace Latchkey.Users.Sessions;

public static class CodePurpose
{
    public const string Reset = "reset";
    public const string Phone = "phone";
    public const string Login = "login";

    /// <summary>A login that must set up a second factor first.</summary>
    public const string Enrollment = "enroll";

    /// <summary>A code by SMS that proves again who is logged in.</summary>
    public const string StepUp = "stepup";

    /// <summary>The same by mail, for users without a second factor.</summary>
    public const string MailStepUp = "stepupmail";

    /// <summary>A code mailed to an address that a user wants to have.</summary>
    public const string AddressChange = "address";
}
