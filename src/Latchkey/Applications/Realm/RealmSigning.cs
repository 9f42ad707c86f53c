namespace Latchkey.Applications.Realm;

/// <summary>How App Services learns the key that checks user JWTs.</summary>
public static class RealmSigning
{
    /// <summary>The public key lies in a secret of the Realm application.</summary>
    public const string Secret = "secret";

    /// <summary>App Services fetches the keys from this server.</summary>
    public const string Jwks = "jwks";

    public static string Parse(string text) => text == Jwks ? Jwks : Secret;
}
