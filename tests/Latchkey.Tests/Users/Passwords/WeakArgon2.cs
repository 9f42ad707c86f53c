using Latchkey.Cryptography;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>An Argon2id hash with less work than today's, such as an older installation has stored.</summary>
internal static class WeakArgon2
{
    public static string Hash(ReadOnlySpan<byte> password)
    {
        using var memory = new Argon2Memory();
        return new Argon2Kind("argon2id", Memory: 8192, Passes: 1, Lanes: 1).Create(password, memory);
    }
}
