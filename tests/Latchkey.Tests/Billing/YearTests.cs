using System.Globalization;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing;

/// <summary>
/// A leap year in simulated time: applications that change type, status, plan and use. Every statement is compared with a calculation that
/// is written apart from the product, from the facts that the test made.
/// </summary>
public sealed class YearTests(ServerFixture servers)
{
    private const int Applications = 60;
    private const int Year = 2024;
    private static readonly string[] Statuses = ["active", "active", "inactive", "suspended", "blocked", "migrated"];

    [Fact]
    public async Task Every_month_of_every_application_costs_what_was_used()
    {
        await using var year = await Start();
        for (var month = 1; month <= 12; month++)
        {
            await year.Live(month);
            year.Billing.GoTo(month == 12 ? Year + 1 : Year, month % 12 + 1, 1, 2);
            await year.Billing.Run();
            await PayAll(year.Billing);
        }

        await Compare(year);
    }

    /// <summary>The whole year is closed later, by processes that are killed in the middle, again and again.</summary>
    [Fact]
    public async Task Nodes_killed_while_closing_count_nothing_twice_and_lose_nothing()
    {
        await using var year = await Start();
        for (var month = 1; month <= 12; month++)
        {
            await year.Live(month);
        }

        var installation = year.Billing.Installation;
        foreach (var statements in new[] { 1, 60, 250, 500, 700 })
        {
            await using var node = ChildProcess.Start(
                RepositoryPaths.Program,
                ["billing", "run", "--data", installation.DataFolder, "--database", installation.DatabaseConnection],
                [("LATCHKEY_BILLING", "on")]
            );
            await WaitUntil.IsTrue(
                $"{statements} statements are there",
                async () => node.HasExited || await installation.Query<long>("SELECT COUNT(*) FROM statements") >= statements
            );
            await node.Kill();
        }

        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        await Compare(year);
    }

    private async Task<SimulatedYear> Start() =>
        await SimulatedYear.Create(
            await BillingInstallation.Create(servers, new DateTimeOffset(Year, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            Applications,
            Year,
            Statuses
        );

    private static async Task PayAll(BillingInstallation billing)
    {
        foreach (var invoice in await billing.Get<InvoiceRules>().List(null, "open"))
        {
            await billing.Get<InvoiceRules>().Pay(invoice.Id, new Payment { Reference = "x" }, BillingInstallation.By);
        }
    }

    private static async Task Compare(SimulatedYear year)
    {
        var (checkedMonths, differences) = (0, new List<string>());
        for (var month = 1; month <= 12; month++)
        {
            foreach (var app in year.Apps)
            {
                var charged = await year.Billing.Installation.Query<long?>(
                    "SELECT net FROM statements WHERE app_id = @Id AND month = @month",
                    new { app.Id, month = Year * 100 + month }
                );
                var expected = app.Costs(Year, month);
                if (charged != expected && !(charged is null && expected == 0))
                {
                    differences.Add(string.Create(CultureInfo.InvariantCulture, $"{app.Id} month {month}: {charged}, not {expected}"));
                }

                checkedMonths++;
            }
        }

        differences.ShouldBeEmpty();
        checkedMonths.ShouldBe(12 * Applications);
        (await year.Billing.Installation.Query<long>("SELECT CAST(SUM(net) AS BIGINT) FROM statements WHERE month <= 202412")).ShouldBe(
            year.Apps.Sum(app => Enumerable.Range(1, 12).Sum(month => app.Costs(Year, month)))
        );
        // Each account's invoices are the sum of its statements, with the tax on it.
        (
            await year.Billing.Installation.Query<long>(
                """
                SELECT COUNT(*) FROM (SELECT account_id, month, SUM(net) AS net FROM statements WHERE month <= 202412
                  GROUP BY account_id, month HAVING SUM(net) > 0) s
                LEFT JOIN invoices i ON i.account_id = s.account_id AND i.month = s.month WHERE i.net IS NULL OR i.net <> s.net
                """
            )
        ).ShouldBe(0);
    }
}
