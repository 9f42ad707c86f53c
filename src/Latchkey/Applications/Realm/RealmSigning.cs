namespace Latchkey.Applications.Realm;

/// <summary>How App Services gets the key that verifies user JWTs.</summary>
public static class RealmSigning
{
    /// <summary>From a secret of the Realm application.</summary>
    public const string Secret = "secret";

    /// <summary>From this server's JWKS.</summary>
    public const string Jwks = "jwks";

    public static string Parse(string text) => text == Jwks ? Jwks : Secret;
}
