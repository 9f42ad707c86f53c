using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Users.Passwords;

/// <summary>Argon2 of the system's libsodium (https://doc.libsodium.org/password_hashing/default_pwhash).</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium.so.23";
    private const int StringBytes = 128;

    /// <summary>t=2, m=19456 KiB; libsodium has p=1 always.</summary>
    private const ulong OpsLimit = 2;
    private const nuint MemLimit = 19_456 * 1024;

    /// <summary>A hash with today's parameters.</summary>
    public const string Example = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _) && Initialise() >= 0;

    public static string Hash(ReadOnlySpan<byte> password)
    {
        var text = new byte[StringBytes];
        return HashString(text, password, (ulong)password.Length, OpsLimit, MemLimit) == 0
            ? Encoding.ASCII.GetString(text).TrimEnd('\0')
            : throw new InvalidOperationException("Argon2id could not get its memory");
    }

    public static bool Verify(string hash, ReadOnlySpan<byte> password) =>
        VerifyString(Terminated(hash), password, (ulong)password.Length) == 0;

    private static byte[] Terminated(string hash)
    {
        var text = new byte[Math.Max(StringBytes, hash.Length + 1)];
        Encoding.ASCII.GetBytes(hash, text);
        return text;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str")]
    private static partial int HashString(Span<byte> text, ReadOnlySpan<byte> password, ulong length, ulong opsLimit, nuint memLimit);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    private static partial int VerifyString(ReadOnlySpan<byte> text, ReadOnlySpan<byte> password, ulong length);
}
