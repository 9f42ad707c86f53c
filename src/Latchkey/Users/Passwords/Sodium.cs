using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Users.Passwords;

/// <summary>libsodium's Argon2 (https://doc.libsodium.org/password_hashing/default_pwhash).</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";
    private const int StringBytes = 128;

    /// <summary>Initialises the library, which selects code for this processor. Safe to call again.</summary>
    private static readonly int Initialised = Initialise();

    /// <summary>An Argon2id hash with one lane, the only number that libsodium supports.</summary>
    /// <param name="memory">In KiB.</param>
    /// <exception cref="InvalidOperationException">Not enough memory.</exception>
    public static string Hash(ReadOnlySpan<byte> password, int passes, int memory)
    {
        var text = new byte[StringBytes];
        return Initialised >= 0 && HashString(text, password, (ulong)password.Length, (ulong)passes, (nuint)memory * 1024) == 0
            ? Encoding.ASCII.GetString(text).TrimEnd('\0')
            : throw new InvalidOperationException("Argon2id could not get its memory");
    }

    public static bool Verify(string hash, ReadOnlySpan<byte> password) =>
        Initialised >= 0 && VerifyString(Terminated(hash), password, (ulong)password.Length) == 0;

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
