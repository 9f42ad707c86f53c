using Latchkey.Activity.Metering;
using Latchkey.Billing.Statements;
using Latchkey.Data;

namespace Latchkey.Tests.Billing;

/// <summary>A month is closed once it has ended, and can be computed again to the same bytes.</summary>
public sealed class MonthClosingTests(ServerFixture servers)
{
    private static readonly CalendarMonth February = new(202802);
    private static readonly int Applications = TestScale.Size(100, 1000);

    [Fact]
    public async Task Only_what_was_used_while_commercial_and_active_is_charged()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (_, app) = await Paying(billing, ("month", "29"), ("activeUser", "0.01"), ("mail", "2 free, 0.5"), ("storage", "10"));
        await Use(billing, app, MeterKind.ActiveUser, 150);
        await Use(billing, app, MeterKind.Mail, 5);
        await billing.Database.Write(db => billing.Get<MeteringStore>().RecordStorage(db, app, 2_000_000_000));
        billing.GoTo(2028, 2, 11);
        await billing.SetStatus(app, "inactive");
        await Use(billing, app, MeterKind.Mail, 7);
        billing.GoTo(2028, 2, 20);
        await billing.SetStatus(app, "active");
        billing.GoTo(2028, 2, 25);
        await billing.SetStatus(app, "suspended");
        billing.GoTo(2028, 3, 2);
        await billing.Run();
        // 15 of 29 days: 29 × 15 / 29 = 15.00; 150 × 0.01; 3 × 0.50; 2 GB × 10 × 15 / 29
        var statement = await Stored(billing, app);
        statement.ShouldContain("\"chargedMilliseconds\":1296000000,\"activeUsers\":150,\"mails\":5,\"sms\":0");
        statement.ShouldContain("\"milliseconds\":{\"active\":1296000000,\"inactive\":777600000,\"suspended\":432000000}");
        statement.ShouldContain("\"kind\":\"baseFee\",\"quantity\":\"0.517241\",\"free\":0,\"unitPrice\":\"29.00\",\"amount\":1500}");
        statement.ShouldContain("\"kind\":\"mails\",\"quantity\":\"5\",\"free\":2,\"unitPrice\":\"0.50\",\"amount\":150}");
        statement.ShouldEndWith("\"amount\":1034}],\"net\":2834}");
        (await billing.Get<MonthClosing>().Recompute(app, February)).ShouldBe((statement, statement));
    }

    [Fact]
    public async Task Development_is_free_and_an_upgrade_is_charged_from_its_moment()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (_, app) = await Paying(billing, "development", ("month", "29"), ("mail", "1"));
        await Use(billing, app, MeterKind.Mail, 3);
        billing.GoTo(2028, 2, 15);
        await billing
            .Get<Latchkey.Applications.ApplicationRules>()
            .Change(app, new Dictionary<string, string> { ["type"] = "commercial" }, Latchkey.Applications.ChangeContext.CommandLine);
        await Use(billing, app, MeterKind.Mail, 1, "after");
        billing.GoTo(2028, 3, 1, 2);
        await billing.Run();
        var statement = await Stored(billing, app);
        statement.ShouldContain("\"milliseconds\":{\"active\":1296000000,\"development\":1209600000}");
        statement.ShouldContain("\"mails\":1,");
        statement.ShouldEndWith("\"net\":1600}");
    }

    [Fact]
    public async Task A_month_that_goes_on_is_computed_until_now()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, app) = await Paying(billing, ("month", "29"), ("mail", "1"));
        billing.GoTo(2028, 2, 11);
        await Use(billing, app, MeterKind.Mail, 10);
        billing.GoTo(2028, 2, 21);
        var (stored, computed) = await billing.Get<MonthClosing>().Recompute(app, February);
        stored.ShouldBeNull();
        computed.ShouldNotBeNull().ShouldEndWith("\"net\":3000}");
        var payer = (await billing.Get<Latchkey.Billing.Accounts.BillingAccountRules>().Find(account)).Value!;
        var costs = (await billing.Get<BillingReport>().ThisMonth(payer)).Single();
        // 10 mails in 20 of 29 days are 14 in the whole month
        (costs.Name, costs.SoFar.Net, costs.Forecast.Net).ShouldBe(("Demo", 3000, 2900 + 1400));
        await billing.SetStatus(app, "inactive");
        billing.Clock.Advance(TimeSpan.FromHours(1));
        costs = (await billing.Get<BillingReport>().ThisMonth(payer)).Single();
        (costs.SoFar.Net, costs.Forecast.Net).ShouldBe((3000, 3000));
    }

    [Fact]
    public async Task A_month_is_closed_an_hour_after_its_end_and_never_again()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (_, app) = await Paying(billing, ("month", "29"));
        billing.GoTo(new DateTimeOffset(2028, 3, 1, 0, 59, 59, TimeSpan.Zero));
        await billing.Run();
        (await Statements(billing)).ShouldBe(0);
        billing.GoTo(2028, 3, 1, 1);
        await billing.Run();
        var first = await Stored(billing, app);
        await Use(billing, app, MeterKind.Mail, 1);
        await billing.Run();
        ((await Statements(billing)), await Stored(billing, app)).ShouldBe((1, first));
    }

    [Fact]
    public async Task Time_in_which_billing_was_off_is_free()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (_, app) = await Paying(billing, ("month", "29"), ("storage", "10"));
        await billing.Database.Write(db => billing.Get<MeteringStore>().RecordStorage(db, app, 1_000_000_000));
        billing.GoTo(2028, 2, 11);
        await billing.Database.Write(billing.Get<MeteringStore>().RecordUnmetered);
        await billing.Database.Write(billing.Get<MeteringStore>().RecordUnmetered);
        billing.GoTo(2028, 4, 10);
        await billing.Run();
        // 10 of 29 days: 29 × 10 / 29 and 10 × 10 / 29
        (await billing.Installation.Query<long>("SELECT net FROM statements WHERE month = 202802")).ShouldBe(1000 + 345);
        (await billing.Installation.Query<long>("SELECT net FROM statements WHERE month = 202803")).ShouldBe(0);
        billing.GoTo(2028, 5, 1, 2);
        await billing.Run();
        // 21 of 30 days
        (await billing.Installation.Query<long>("SELECT net FROM statements WHERE month = 202804")).ShouldBe(2030 + 700);
    }

    /// <summary>Months that nobody closed, because every node was off, are closed one after the other.</summary>
    [Fact]
    public async Task Missed_months_are_closed_later()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2027, 11, 10, 0, 0, 0, TimeSpan.Zero));
        await Paying(billing, ("month", "30"));
        billing.GoTo(2028, 3, 5);
        await billing.Run();
        (await Statements(billing)).ShouldBe(4);
        (await billing.Installation.Query<string>("SELECT value FROM installation WHERE name = 'billing_billed_month'")).ShouldBe("202802");
        (await billing.Installation.Query<long>("SELECT net FROM statements WHERE month = 202711")).ShouldBe(2100);
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM invoices WHERE status = 'open'")).ShouldBe(4);
    }

    /// <summary>Nodes that close the same month at once, one of them ended in the middle: each application has one statement.</summary>
    [Fact]
    public async Task Nodes_that_close_at_once_count_nothing_twice()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, plan) = (await billing.CreateAccount(), await billing.CreatePlan("Pro", "EUR", ("month", "29"), ("mail", "1")));
        for (var i = 0; i < Applications; i++)
        {
            var app = await billing.CreateApp($"App {i}");
            await billing.Assign(account, app, plan);
            await Use(billing, app, MeterKind.Mail, 1);
        }

        billing.GoTo(2028, 3, 1, 2);
        await using var second = await billing.AnotherNode();
        using var stop = new CancellationTokenSource();
        var killed = billing.Get<MonthClosing>().Close(February, stop.Token);
        await Task.WhenAny(killed, second.Get<MonthClosing>().Close(February));
        await stop.CancelAsync();
        await Task.WhenAll(billing.Run(), second.Run());
        (await Statements(billing)).ShouldBe(Applications);
        (await billing.Installation.Query<long>("SELECT CAST(SUM(net) AS BIGINT) FROM statements")).ShouldBe(3000L * Applications);
        (await billing.Installation.Query<(long, long)>("SELECT COUNT(*), CAST(SUM(net) AS BIGINT) FROM invoices")).ShouldBe(
            (1, 3000L * Applications)
        );
    }

    [Fact]
    public async Task A_deleted_application_is_charged_for_its_last_month_and_no_more()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (_, app) = await Paying(billing, ("month", "29"));
        billing.GoTo(2028, 2, 11);
        await billing.Database.Write(db => billing.Get<Latchkey.Applications.ApplicationStore>().Delete(db, app));
        billing.GoTo(2028, 5, 2);
        await billing.Run();
        (await Statements(billing)).ShouldBe(1);
        (await billing.Installation.Query<(string, long)>("SELECT name, net FROM statements")).ShouldBe(("Demo", 1000));
    }

    private static async Task<(string Account, string App)> Paying(BillingInstallation billing, params (string, string)[] prices) =>
        await Paying(billing, "commercial", prices);

    private static async Task<(string Account, string App)> Paying(
        BillingInstallation billing,
        string type,
        params (string, string)[] prices
    )
    {
        var (account, app, plan) = (
            await billing.CreateAccount(),
            await billing.CreateApp(type: type),
            await billing.CreatePlan("Pro", "EUR", prices)
        );
        await billing.Assign(account, app, plan);
        return (account, app);
    }

    private static Task Use(BillingInstallation billing, string app, string kind, int count, string name = "s") =>
        billing.Database.Write(async db =>
        {
            for (var i = 0; i < count; i++)
            {
                await billing.Get<MeteringStore>().RecordUse(db, app, kind, $"{name}{billing.Clock.Now()}-{i}", billing.Clock.Now());
            }
        });

    private static Task<long> Statements(BillingInstallation billing) =>
        billing.Installation.Query<long>("SELECT COUNT(*) FROM statements");

    private static async Task<string> Stored(BillingInstallation billing, string app) =>
        (await billing.Get<MonthClosing>().Recompute(app, February)).Stored!;
}
