using Latchkey.Core.Configuration;
using Latchkey.Limits;
using Latchkey.Tests.Abuse;

namespace Latchkey.Tests.Limits;

/// <summary>
/// Who may call when more is called than an application, or a developer, may: by a clock that stands still between calls (security.md row
/// 58).
/// </summary>
public sealed class RequestThrottleTests
{
    private const int Cap = 200;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly RequestThrottle throttle;

    public RequestThrottleTests() => throttle = new(new InstallationSettings(), clock);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(200)]
    public void One_network_alone_gets_all_that_the_application_may(int cap)
    {
        var served = Run(seconds: 10, _ => Call("app", "one", cap) ? 1 : 0);
        served.ShouldBeInRange(9 * cap, 11 * cap);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public void However_many_networks_flood_who_calls_once_a_second_is_served(int floods)
    {
        var (calls, served) = (0, 0);
        Run(
            seconds: 10,
            tick =>
            {
                for (var i = 0; i < floods; i++)
                {
                    Call("app", $"flood {i}", Cap);
                }

                if (tick % 20 == 0)
                {
                    calls++;
                    served += Call("app", $"user {tick / 20 % 50}", Cap) ? 1 : 0;
                }

                return 0;
            }
        );
        ((double)served / calls).ShouldBeGreaterThan(0.9, $"{served} of {calls}");
    }

    [Fact]
    public void Networks_that_take_what_they_can_get_as_much_each()
    {
        var (served, chance) = (new int[4], new SeededRandom(1));
        Run(
            seconds: 10,
            _ =>
            {
                var network = chance.Next(served.Length);
                served[network] += Call("app", $"network {network}", Cap) ? 1 : 0;
                return 0;
            }
        );
        served.Sum().ShouldBeGreaterThan(8 * Cap);
        served.Max().ShouldBeLessThan(2 * served.Min());
    }

    [Fact]
    public void The_applications_of_one_developer_together_call_as_often_as_five()
    {
        var served = Run(seconds: 10, tick => Enumerable.Range(0, 20).Count(i => Call($"app {i}", "one", Cap, developer: "dev")));
        served.ShouldBeLessThan(10 * 6 * Cap);
        Call("another", "one", Cap, developer: "other").ShouldBeTrue();
    }

    private bool Call(string appId, string network, int cap, string? developer = null) =>
        throttle.TryAcquire(developer ?? appId, appId, network, cap) is null;

    /// <summary>Runs something in each millisecond; the sum of what it gives.</summary>
    private int Run(int seconds, Func<int, int> work)
    {
        var sum = 0;
        for (var tick = 0; tick < seconds * 1000; tick++)
        {
            sum += work(tick);
            clock.Advance(Tick);
        }

        return sum;
    }
}
