using Latchkey.Cryptography;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Passkeys;

/// <summary>A right signature of a passkey, before it is used up.</summary>
/// <param name="Passkey">As it was before.</param>
/// <param name="Request">The challenge that was signed.</param>
/// <param name="SignCount">The authenticator's counter now.</param>
/// <param name="BackedUp">Whether it is copied to other devices now.</param>
/// <param name="UserVerified">Whether the authenticator verified its user, by fingerprint, face or PIN.</param>
public sealed record PasskeyProof(Passkey Passkey, PasskeyRequest Request, long SignCount, bool BackedUp, bool UserVerified)
{
    /// <summary>Names of <see cref="AuthenticationMethods"/>.</summary>
    public string Methods => MethodsOf(Passkey, UserVerified);

    public static string MethodsOf(Passkey passkey, bool userVerified)
    {
        var key = passkey.BackupEligible ? AuthenticationMethods.SoftwareKey : AuthenticationMethods.HardwareKey;
        return userVerified ? $"{key} {AuthenticationMethods.Multiple}" : key;
    }
}
