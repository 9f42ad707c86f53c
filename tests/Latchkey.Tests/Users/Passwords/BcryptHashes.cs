using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>bcrypt hashes as other servers make them.</summary>
internal static partial class BcryptHashes
{
    public static string Hash(string password, int cost = 5)
    {
        var setting = Encoding.ASCII.GetBytes($"$2b${cost:D2}$abcdefghijklmnopqrstuu\0");
        return Marshal
            .PtrToStringAnsi(CryptRn([.. Encoding.UTF8.GetBytes(password), 0], setting, new byte[32_768], 32_768))
            .ShouldNotBeNull();
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_rn")]
    private static partial nint CryptRn(ReadOnlySpan<byte> phrase, ReadOnlySpan<byte> setting, Span<byte> data, int size);
}
