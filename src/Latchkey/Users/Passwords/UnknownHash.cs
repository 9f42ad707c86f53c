using System.Buffers;
using System.Buffers.Text;

namespace Latchkey.Users.Passwords;

/// <summary>Guesses the algorithm of a hash that is not supported, for messages.</summary>
public static class UnknownHash
{
    private const int FirebaseLength = 88; // 64 bytes in base64

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly (string Beginning, string Name)[] Beginnings =
    [
        ("$P$", "phpass (WordPress)"),
        ("$H$", "phpass (phpBB)"),
        ("$wp$", "bcrypt over SHA-384 (WordPress 6.8)"),
        ("$S$", "SHA-512 of Drupal"),
        ("$scrypt", "scrypt"),
        ("scrypt", "scrypt"),
        ("$s0$", "scrypt"),
        ("$7$", "scrypt"),
        ("$y$", "yescrypt"),
        ("$gy$", "yescrypt"),
        ("$1$", "MD5-crypt"),
        ("$apr1$", "MD5-crypt"),
        ("$5$", "SHA-256-crypt"),
        ("$6$", "SHA-512-crypt"),
        ("{SSHA", "salted SHA of LDAP"),
        ("{SHA", "SHA of LDAP"),
        ("{MD5", "MD5 of LDAP"),
        ("md5$", "salted MD5 of Django"),
        ("sha1$", "salted SHA-1 of Django"),
    ];

    /// <summary>The name of the algorithm; null when unknown.</summary>
    public static string? Name(string hash) =>
        Array.Find(Beginnings, known => hash.StartsWith(known.Beginning, StringComparison.Ordinal)).Name
        ?? (
            !hash.AsSpan().ContainsAnyExcept(HexDigits)
                ? hash.Length switch
                {
                    32 => "MD5",
                    40 => "SHA-1",
                    64 => "SHA-256",
                    128 => "SHA-512",
                    _ => null,
                }
            : hash.Length == FirebaseLength && Base64.IsValid(hash) ? "scrypt (Firebase)"
            : null
        );
}
