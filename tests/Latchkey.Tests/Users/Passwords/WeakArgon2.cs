using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>An Argon2id hash with less work than today's, such as an older installation has stored.</summary>
internal static partial class WeakArgon2
{
    public static string Hash(ReadOnlySpan<byte> password)
    {
        var text = new byte[128];
        HashString(text, password, (ulong)password.Length, opsLimit: 1, memLimit: 8192 * 1024).ShouldBe(0);
        return Encoding.ASCII.GetString(text).TrimEnd('\0');
    }

    [LibraryImport("libsodium", EntryPoint = "crypto_pwhash_str")]
    private static partial int HashString(Span<byte> text, ReadOnlySpan<byte> password, ulong length, ulong opsLimit, nuint memLimit);
}
