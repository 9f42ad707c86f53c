namespace Latchkey.Cryptography;

/// <summary>
/// A key's way: announced in JWKS before it signs; active, the one that signs; retiring, in JWKS while its last JWT lives. Then its row
/// goes.
/// </summary>
public static class SigningKeyState
{
    public const string Announced = "announced";
    public const string Active = "active";
    public const string Retiring = "retiring";
}
