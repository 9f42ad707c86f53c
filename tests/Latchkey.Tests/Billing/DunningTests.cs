using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Status;
using Latchkey.Billing.Collection;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing;

/// <summary>What happens to an account that does not pay, and to one that reaches its budget.</summary>
public sealed class DunningTests(ServerFixture servers)
{
    [Fact]
    public async Task Applications_are_suspended_with_the_last_reminder_and_active_again_when_the_invoice_is_paid()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, plan) = (await billing.CreateAccount(), await billing.CreatePlan("Pro", "EUR", ("month", "29")));
        var (active, inactive, mine) = (
            await billing.CreateApp("Active"),
            await billing.CreateApp("Inactive"),
            await billing.CreateApp("Mine")
        );
        var (development, other) = (await billing.CreateApp("Dev", "development"), await billing.CreateApp("Other"));
        foreach (var app in new[] { active, inactive, mine, development })
        {
            await billing.Assign(account, app, plan);
        }

        await billing.Assign(await billing.CreateAccount("Other"), other, plan);
        billing.GoTo(2028, 3, 1, 2);
        await billing.Run(); // opened on 1 March, due on the 15th
        await billing.SetStatus(inactive, "inactive");
        await billing.SetStatus(mine, "suspended"); // by the operator
        foreach (var invoice in await billing.Get<InvoiceRules>().List(null, "open"))
        {
            if (invoice.AccountId != account)
            {
                await billing.Get<InvoiceRules>().Pay(invoice.Id, new Payment { Reference = "x" }, BillingInstallation.By);
            }
        }

        async Task<string> Statuses() =>
            string.Join(
                ' ',
                await Task.WhenAll(new[] { active, inactive, mine, development, other }.Select(app => StatusOf(billing, app)))
            );

        foreach (var (day, mails) in new[] { (15, 0), (16, 1), (22, 1), (23, 2), (29, 2) })
        {
            billing.GoTo(2028, 3, day, 1);
            await billing.Run();
            await billing.Run();
            (await Mails(billing, "portalInvoiceReminder")).ShouldBe(mails, $"March {day}");
            (await Statuses()).ShouldBe("active inactive suspended active active");
        }

        billing.GoTo(2028, 3, 30, 1);
        // A node was killed after the first suspension, and another one looks for what to reinstate.
        await billing
            .Get<ApplicationRules>()
            .SetStatus(inactive, ApplicationStatus.Suspended, "Not paid.", new ChangeContext(new Actor("billing", ""), Role.Operator));
        await billing.Get<Dunning>().ReinstateAll();
        (await Statuses()).ShouldBe("active suspended suspended active active");
        await billing.Run();
        await billing.Run();
        (await Mails(billing, "portalInvoiceSuspension")).ShouldBe(1);
        (await Statuses()).ShouldBe("suspended suspended suspended active active");
        var unpaid = (await billing.Get<InvoiceRules>().List(account, "open")).Single();
        var now = (await billing.Get<ApplicationStatusRules>().Current(active))!;
        (now.Reason, now.Actor).ShouldBe(($"Invoice {unpaid.Number} is not paid.", "billing"));
        (
            await billing.Installation.Query<string>(
                "SELECT detail FROM audit WHERE app_id = @active AND actor = 'billing'",
                new { active }
            )
        ).ShouldBe($"active to suspended: Invoice {unpaid.Number} is not paid.");
        (
            await billing.Get<InvoiceRules>().Pay(unpaid.Id, new Payment { Reference = "x" }, BillingInstallation.By)
        ).Succeeded.ShouldBeTrue();
        (await Statuses()).ShouldBe("active inactive suspended active active");
    }

    [Fact]
    public async Task Applications_stop_as_soon_as_that_is_wanted_of_a_budget_that_is_used_up()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, app) = (await billing.CreateAccount(), await billing.CreateApp());
        await billing.Assign(account, app, await billing.CreatePlan("Pro", "EUR", ("month", "29")));
        var budgets = billing.Get<Budgets>();
        (await budgets.Set(account, "10.00", stops: false, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        billing.GoTo(2028, 2, 25);
        await billing.Run();
        (await StatusOf(billing, app)).ShouldBe("active");
        (await budgets.Set(account, "10.00", stops: true, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        await billing.Run();
        (await StatusOf(billing, app)).ShouldBe("inactive");
    }

    [Fact]
    public async Task An_app_is_told_402_while_its_account_has_not_paid()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), environment: [("LATCHKEY_BILLING", "on")]);
        var app = await server.CreateApp("signupFlow=none", "type=commercial");
        await app.CreateUser("ann@example.com");
        // The server's clock is today's: the month of service lies in the past, and the invoice is long overdue.
        await using var billing = await BillingInstallation.Attach(server.Installation, TimeProvider.System.GetUtcNow());
        var plan = await billing.CreatePlan("Pro", "EUR", ("month", "29"));
        var account = await billing.CreateAccount();
        await billing.Assign(account, app.Id, plan);
        await billing.Run();
        billing.Clock.Advance(TimeSpan.FromDays(35));
        await billing.Run();
        billing.Clock.Advance(TimeSpan.FromDays(60));
        for (var i = 0; i < 3; i++)
        {
            // However late it is, each reminder has its days.
            await billing.Run();
            await billing.Run();
            (await StatusOf(billing, app.Id)).ShouldBe(i < 2 ? "active" : "suspended");
            billing.Clock.Advance(TimeSpan.FromDays(7));
        }

        await WaitUntil.IsTrue("the server follows", async () => (await app.TryLogin("ann@example.com")).Code == 402);
        (await app.Get("getApplication")).Code.ShouldBe(402);
        foreach (var invoice in await billing.Get<InvoiceRules>().List(account, "open"))
        {
            (
                await billing.Get<InvoiceRules>().Pay(invoice.Id, new Payment { Reference = "x" }, BillingInstallation.By)
            ).Succeeded.ShouldBeTrue();
        }

        await WaitUntil.IsTrue("the server follows", async () => (await app.TryLogin("ann@example.com")).Code is null);
    }

    [Fact]
    public async Task A_budget_mails_at_50_80_and_100_percent_and_stops_when_told_to()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 4, 1, 0, 0, 0, TimeSpan.Zero));
        var (account, app) = (await billing.CreateAccount(), await billing.CreateApp());
        await billing.Assign(account, app, await billing.CreatePlan("Pro", "EUR", ("month", "30")));
        var budgets = billing.Get<Budgets>();
        (await budgets.Set(account, "0", true, BillingInstallation.By)).Error!.Message.ShouldContain("more than 0");
        (await budgets.Set(account, "1.005", true, BillingInstallation.By)).Error!.Message.ShouldContain("2 digits");
        (await budgets.Set(account, "20", true, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        foreach (
            var (day, mails, status) in new[]
            {
                (10, 0, "active"),
                (11, 1, "active"),
                (16, 1, "active"),
                (17, 2, "active"),
                (21, 3, "inactive"),
            }
        )
        {
            billing.GoTo(2028, 4, day);
            await billing.Run();
            await billing.Run();
            ((await Mails(billing, "portalBudget")), await StatusOf(billing, app)).ShouldBe((mails, status), $"April {day}");
        }

        await billing.SetStatus(app, "active"); // the developer goes on
        billing.GoTo(2028, 4, 25);
        await billing.Run();
        (await StatusOf(billing, app)).ShouldBe("active");
        billing.GoTo(2028, 5, 20);
        await billing.Run();
        (await Mails(billing, "portalBudget")).ShouldBe(4);
    }

    private static Task<long> Mails(BillingInstallation billing, string kind) =>
        billing.Installation.Query<long>(
            "SELECT COUNT(*) FROM messages WHERE kind = @kind AND recipient = 'bills@example.com'",
            new { kind }
        );

    private static async Task<string> StatusOf(BillingInstallation billing, string app) =>
        (await billing.Get<ApplicationRules>().Find(app))!.Status;
}
