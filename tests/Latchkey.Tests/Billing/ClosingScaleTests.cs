using System.Diagnostics;
using System.Globalization;
using Latchkey.Activity.Metering;
using Latchkey.Billing.Statements;

namespace Latchkey.Tests.Billing;

/// <summary>Closing a month of many applications with many users. How long it takes and how much memory it needs is noted as a figure.</summary>
public sealed class ClosingScaleTests(ServerFixture servers)
{
    private static readonly int Applications = TestScale.Size(100, 1000);
    private const int UsersEach = 1000;

    [Fact]
    public async Task Each_application_is_closed_with_all_its_users()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, plan) = (await billing.CreateAccount(), await billing.CreatePlan("Pro", "EUR", ("activeUser", "0.01")));
        for (var i = 0; i < Applications; i++)
        {
            await billing.Assign(account, await billing.CreateApp($"App {i}"), plan);
        }

        await billing.Installation.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @UsersEach)
            INSERT INTO metered_uses (app_id, month, kind, subject, at)
            SELECT a.id, 202802, 'active_user', 'user ' || n.i, @at FROM applications a CROSS JOIN n
            """,
            new { UsersEach, at = billing.Clock.GetUtcNow().AddDays(3).ToUnixTimeMilliseconds() }
        );
        billing.GoTo(2028, 3, 1, 2);
        var (before, watch) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.StartNew());
        (await billing.Get<MonthClosing>().Close(new CalendarMonth(202802))).ShouldBe(Applications);
        var (took, after) = (watch.Elapsed, GC.GetTotalMemory(forceFullCollection: true));
        (await billing.Installation.Query<long>("SELECT CAST(SUM(net) AS BIGINT) FROM statements")).ShouldBe(1000L * Applications);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Applications} applications with {Applications * UsersEach} active users closed in {took.TotalSeconds:0.0} s, "
                    + $"{(after - before) / 1024} KiB more memory"
            )
        );
    }
}
