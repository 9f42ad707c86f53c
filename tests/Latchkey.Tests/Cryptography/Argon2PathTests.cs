using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latchkey.Tests.Cryptography;

/// <summary>Argon2 as processors of other kinds compute it: <see cref="Argon2Tests"/> in a process that may not use its newest instructions.</summary>
public sealed class Argon2PathTests
{
    [Theory]
    [InlineData(512, "")]
    [InlineData(256, "DOTNET_EnableAVX512=0")]
    [InlineData(256, "DOTNET_PreferredVectorBitWidth=256")] // with the rotations of AVX-512
    [InlineData(128, "DOTNET_EnableAVX2=0")]
    [InlineData(64, "DOTNET_EnableHWIntrinsic=0")]
    public async Task Each_path_computes_the_same(int bits, string setting)
    {
        Assert.SkipWhen(Engine.IsPostgres, "no hash comes near the database");
        Assert.SkipWhen(bits == 512 && !(Avx512F.IsSupported && Vector512.IsHardwareAccelerated), "this processor has no AVX-512");
        Assert.SkipWhen(bits == 256 && !Avx2.IsSupported, "this processor has no AVX2");
        Assert.SkipWhen(bits == 128 && !Ssse3.IsSupported, "the settings are those of x64 processors");
        var environment = new List<(string, string)> { (Argon2Tests.ExpectedBits, $"{bits}") };
        if (setting.Split('=') is [var name, var value])
        {
            environment.Add((name, value));
        }

        var result = await ChildProcess.Run(
            Environment.ProcessPath.ShouldNotBeNull(),
            ["-noLogo", "-class", typeof(Argon2Tests).FullName!],
            environment
        );
        result.ShouldContain("Failed: 0");
        result.ShouldNotContain("Total: 0");
    }
}
