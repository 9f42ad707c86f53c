using System.Diagnostics;
using System.Security.Cryptography;
using Latchkey.Cryptography;
using Latchkey.Users.Passwords;

namespace Latchkey.Bench;

/// <summary>What a login cannot do without: one password hash and one RS256 signature, on all cores, with nothing around it.</summary>
public static class HashLoop
{
    /// <summary>How many a second.</summary>
    public static async Task<double> Run(TimeSpan time)
    {
        var hash = new PasswordHash("");
        using var memory = new Argon2Memory();
        var stored = hash.Create("correct horse battery"u8, memory);
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(
            Enumerable
                .Range(0, Environment.ProcessorCount)
                .Select(_ => Task.Factory.StartNew(() => Work(hash, stored, watch, time), TaskCreationOptions.LongRunning))
        );
        return done.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static int Work(PasswordHash hash, string stored, Stopwatch watch, TimeSpan time)
    {
        using var memory = new Argon2Memory();
        using var key = RSA.Create(2048);
        var token = new byte[600];
        var done = 0;
        for (; watch.Elapsed < time; done++)
        {
            hash.Verify(stored, "correct horse battery"u8, memory);
            key.SignData(token, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return done;
    }
}
