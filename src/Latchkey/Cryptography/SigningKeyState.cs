namespace Latchkey.Cryptography;

/// <summary>
/// The states of a signing key: announced (in the JWKS before it signs), active (signs), retiring (in the JWKS until its last JWT has
/// expired; then its row is deleted).
/// </summary>
public static class SigningKeyState
{
    public const string Announced = "announced";
    public const string Active = "active";
    public const string Retiring = "retiring";
}
