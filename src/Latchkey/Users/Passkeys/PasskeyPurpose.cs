namespace Latchkey.Users.Passkeys;

/// <summary>What a challenge is for (<see cref="Cryptography.PasskeyRequest.Purpose"/>).</summary>
public static class PasskeyPurpose
{
    public const string Registration = "register";

    /// <summary>Setting a passkey up during a login that requires a second factor.</summary>
    public const string Enrollment = "enroll";

    public const string SignIn = "login";
    public const string SecondFactor = "factor";
    public const string StepUp = "stepup";
}
