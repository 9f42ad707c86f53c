using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;

namespace Latchkey.Bench;

/// <summary>Hashes a second and their processor time, of Latchkey's Argon2id and of what others use, in turn.</summary>
internal static partial class HashBenchmark
{
    private const int Rounds = 5;
    private const uint Memory = 19_456;
    private const int Argon2id = 2;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(2);
    private static readonly byte[] Password = "correct horse battery staple"u8.ToArray();
    private static readonly byte[] Salt = new byte[16];

    /// <summary>Each gives the work of one thread.</summary>
    private static readonly (string Name, Func<Action> Start)[] Kinds =
    [
        ($"Latchkey, {Argon2Block.VectorBits}-bit vectors", OurArgon2),
        ("reference compiled for this machine, memory kept", () => Fill(tag => ReferenceKept(2, Memory, Password, 28, Salt, 16, tag, 32))),
        ("libsodium 1.0.22", () => Fill(tag => Sodium(tag, 32, Password, 28, Salt, 2, (nuint)Memory * 1024, Argon2id))),
        ("libargon2 of Debian", () => Fill(tag => Debian(2, Memory, 1, Password, 28, Salt, 16, tag, 32))),
        ("bcrypt, cost 10 (BCrypt.Net-Next)", () => () => BCrypt.Net.BCrypt.HashPassword("correct horse battery staple", 10)),
        (
            "PBKDF2, SHA-512, 100,000 rounds (ASP.NET Core Identity)",
            () => () => Rfc2898DeriveBytes.Pbkdf2(Password, Salt, 100_000, HashAlgorithmName.SHA512, 32)
        ),
    ];

    public static string Measure()
    {
        var cores = Environment.ProcessorCount;
        var table = new StringBuilder(
            $"""
            # Password hashes

            Hashes a second on one core and on all {cores}, and the processor time of one on all, in ms: medians of {Rounds} rounds of
            {RoundTime.TotalSeconds:F0} s in turn. Argon2id with m=19456 KiB, t=2, p=1.

            | Hash | one core /s | all /s | ms each |
            | --- | ---: | ---: | ---: |

            """
        );
        var (one, all) = (Alternate(1), Alternate(cores));
        for (var i = 0; i < Kinds.Length; i++)
        {
            var perSecond = Median(all[i].Select(round => round.PerSecond));
            table.AppendLine(
                $"| {Kinds[i].Name} | {Median(one[i].Select(round => round.PerSecond)):F0} | {perSecond:F0} | "
                    + $"{Median(all[i].Select(round => round.Milliseconds)):F1} |"
            );
        }

        Console.WriteLine(table);
        return table.ToString();
    }

    private static List<(double PerSecond, double Milliseconds)>[] Alternate(int threads)
    {
        var results = Kinds.Select(_ => new List<(double, double)>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Kinds.Length; i++)
            {
                results[i].Add(Run(Kinds[i].Start, threads));
            }
        }

        return results;
    }

    private static (double PerSecond, double Milliseconds) Run(Func<Action> start, int threads)
    {
        var done = 0;
        using var ready = new Barrier(threads + 1);
        var running = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        running.ForEach(thread => thread.Start());
        ready.SignalAndWait(); // each has hashed once
        var (before, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        running.ForEach(thread => thread.Join());
        return (done / watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / done);

        void Work()
        {
            var hash = start();
            hash();
            ready.SignalAndWait();
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < RoundTime; Interlocked.Increment(ref done))
            {
                hash();
            }
        }
    }

    private static Action OurArgon2()
    {
        var (memory, tag) = (new Argon2Memory(), new byte[32]);
        var argon2 = new Argon2(IsHybrid: true, (int)Memory, Passes: 2, Lanes: 1);
        return () => argon2.Hash(memory, Password, Salt, tag);
    }

    private static Action Fill(Func<byte[], int> hash)
    {
        var tag = new byte[32];
        return () =>
        {
            if (hash(tag) != 0)
            {
                throw new CryptographicException("A library could not hash.");
            }
        };
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    [LibraryImport("libargon2-kept.so", EntryPoint = "argon2id_kept")]
    private static partial int ReferenceKept(
        uint passes,
        uint memory,
        byte[] password,
        uint passwordLength,
        byte[] salt,
        uint saltLength,
        byte[] tag,
        uint tagLength
    );

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_raw")]
    private static partial int Debian(
        uint passes,
        uint memory,
        uint lanes,
        byte[] password,
        nuint passwordLength,
        byte[] salt,
        nuint saltLength,
        byte[] tag,
        nuint tagLength
    );

    [LibraryImport("libsodium", EntryPoint = "crypto_pwhash")]
    private static partial int Sodium(
        byte[] tag,
        ulong tagLength,
        byte[] password,
        ulong passwordLength,
        byte[] salt,
        ulong passes,
        nuint memory,
        int algorithm
    );
}
