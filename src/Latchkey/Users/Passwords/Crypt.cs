using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Users.Passwords;

/// <summary>bcrypt of the system's libcrypt (libxcrypt, https://man7.org/linux/man-pages/man3/crypt.3.html).</summary>
internal static partial class Crypt
{
    private const string Library = "libcrypt.so.1";
    private const int DataBytes = 32_768; // sizeof (struct crypt_data)

    /// <summary>bcrypt looks at no more of a password.</summary>
    private const int MaxPasswordBytes = 72;

    /// <summary>$2b$, cost and salt; libcrypt gives the salt's spare bits back as zeros.</summary>
    private const int SettingLength = 29;

    public static bool IsAvailable { get; } =
        NativeLibrary.TryLoad(Library, out var library) && NativeLibrary.TryGetExport(library, "crypt_rn", out _);

    public static bool VerifyBcrypt(string hash, ReadOnlySpan<byte> password)
    {
        // 2a, 2b and 2y are one algorithm for UTF-8; libcrypt's 2a alone also slows down for an old bug of its own.
        var expected = Encoding.ASCII.GetBytes($"$2b{hash.AsSpan(3)}\0");
        var used = password[..Math.Min(password.Length, MaxPasswordBytes)];
        Span<byte> phrase = stackalloc byte[MaxPasswordBytes + 1];
        phrase.Clear();
        used.CopyTo(phrase);
        var made = Hash(phrase, expected);
        CryptographicOperations.ZeroMemory(phrase);
        return !used.Contains((byte)0)
            && made.Length == expected.Length
            && CryptographicOperations.FixedTimeEquals(made.AsSpan(SettingLength), expected.AsSpan(SettingLength));
    }

    private static byte[] Hash(ReadOnlySpan<byte> phrase, ReadOnlySpan<byte> setting)
    {
        var data = new byte[DataBytes];
        var result = CryptRn(phrase, setting, data, data.Length);
        return result == 0 ? [] : Encoding.ASCII.GetBytes(Marshal.PtrToStringAnsi(result) + "\0");
    }

    [LibraryImport(Library, EntryPoint = "crypt_rn")]
    private static partial nint CryptRn(ReadOnlySpan<byte> phrase, ReadOnlySpan<byte> setting, Span<byte> data, int size);
}
