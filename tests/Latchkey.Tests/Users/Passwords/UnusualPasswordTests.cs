using System.Text.Json;

namespace Latchkey.Tests.Users.Passwords;

public sealed class UnusualPasswordTests(ServerFixture servers)
{
    /// <summary>Missing, unstorable, or below the policy.</summary>
    private static readonly int[] Refusals = [403, 602, 702];

    [Fact]
    public async Task Each_one_logs_in_afterwards_or_is_refused_at_signup()
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "hashes are the same on both engines");
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var all = JsonSerializer.Deserialize<string[]>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json"))
        )!;
        all.Length.ShouldBeGreaterThan(500);
        string[] strings = [.. all.Where((_, i) => i % TestScale.Size(4, 1) == 0)];
        var refused = 0;
        await Parallel.ForAsync(
            0,
            strings.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                var handle = $"user{i}@example.com";
                var signup = await app.Signup(handle, strings[i]);
                if (signup.Code is { } refusal)
                {
                    Refusals.ShouldContain(refusal, strings[i]);
                    Interlocked.Increment(ref refused);
                }
                else
                {
                    (await app.TryLogin(handle, strings[i])).ShouldBeOk();
                }
            }
        );
        refused.ShouldBeLessThan(strings.Length);
        TestScale.RecordFigure(9, $"{strings.Length} strings: {strings.Length - refused} log in, {refused} are refused at signup");
    }
}
