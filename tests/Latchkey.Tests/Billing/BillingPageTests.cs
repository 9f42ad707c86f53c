using System.Net;
using AngleSharp.Html.Parser;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing;

/// <summary>The pages of billing and the server API: who sees what, and that they are not there while billing is off.</summary>
public sealed class BillingPageTests(ServerFixture servers)
{
    [Fact]
    public async Task A_developer_sees_the_bills_of_the_own_accounts_and_of_no_other()
    {
        var (server, billing, account, invoice, app) = await Billed();
        await using var _ = billing;
        var (ann, bob, ada) = (
            await PortalAccount.Create(server, "ann"),
            await PortalAccount.Create(server, "bob"),
            await PortalAccount.Create(server, "ada", isOperator: true)
        );
        (
            await BillingInstallation.Command(server.Installation, "billing", "account", "add-developer", account, "--email", ann.Email)
        ).ShouldSucceed();
        var (annsBrowser, bobsBrowser, adasBrowser) = (await ann.SignIn(), await bob.SignIn(), await ada.SignIn());
        (await annsBrowser.Get("/portal/billing")).ShouldBeOk().Text.ShouldContain(account);
        var page = new HtmlParser().ParseDocument((await annsBrowser.Get($"/portal/billing/{account}")).ShouldBeOk().Text);
        page.QuerySelector("dl.headline")!.TextContent.ShouldContain("EUR");
        page.QuerySelector("#invoices")!.ParentElement!.TextContent.ShouldContain(invoice.Number!);
        page.QuerySelectorAll("svg.chart").Length.ShouldBe(1);
        page.QuerySelector("main")!.TextContent.ShouldContain("Demo");
        (await annsBrowser.Post($"/portal/billing/{account}", "budget", ("amount", "120.50"), ("stops", "1"))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        (await billing.Get<Latchkey.Billing.Accounts.BillingAccountRules>().Find(account)).Value!.Budget.ShouldBe(12050);
        (await annsBrowser.Post($"/portal/billing/{account}", "budget", ("amount", "many"))).Text.ShouldContain(
            "An amount in EUR is a number"
        );

        (await bobsBrowser.Get("/portal/billing")).ShouldBeOk().Text.ShouldNotContain(account);
        foreach (var id in new[] { account, "nobody", app.Id })
        {
            (await bobsBrowser.Get($"/portal/billing/{id}")).Status.ShouldBe(HttpStatusCode.NotFound, id);
        }

        foreach (var path in new[] { "/portal/operator/billing", $"/portal/operator/billing/invoices/{invoice.Id}" })
        {
            (await bobsBrowser.Get(path)).Status.ShouldNotBe(HttpStatusCode.OK, path);
            (await annsBrowser.Get(path)).Status.ShouldNotBe(HttpStatusCode.OK, path);
            (await adasBrowser.Get(path)).ShouldBeOk().Text.ShouldContain(invoice.Number!);
        }

        // The form of a page that one may see, sent to another account.
        var fields = await annsBrowser.Fields($"/portal/billing/{account}", "budget");
        var other = await billing.CreateAccount("Other");
        (await annsBrowser.Send($"/portal/billing/{other}", fields, ("amount", "1"))).Status.ShouldNotBe(HttpStatusCode.SeeOther);
        (await billing.Get<Latchkey.Billing.Accounts.BillingAccountRules>().Find(other)).Value!.Budget.ShouldBeNull();
    }

    [Fact]
    public async Task The_operator_marks_invoices_as_paid_credits_and_voids_them()
    {
        var (server, billing, _, invoice, _) = await Billed();
        await using var __ = billing;
        var browser = await (await PortalAccount.Create(server, "ada", isOperator: true)).SignIn();
        var page = $"/portal/operator/billing/invoices/{invoice.Id}";
        (await browser.Post(page, "pay", ("reference", new string('x', 101)))).Text.ShouldContain("at most 100 characters");
        (await browser.PostAndFollow(page, "pay", ("reference", "TRX 7"))).ShouldBeOk().Text.ShouldContain("The invoice is changed.");
        (await browser.Get(page)).Text.ShouldContain("TRX 7");
        var revenue = (await billing.Get<InvoiceRules>().Revenue(12)).Single();
        (revenue.Net, revenue.Paid, revenue.Open).ShouldBe((invoice.Net, invoice.Total, 0));
        (await browser.PostAndFollow(page, "credit", ("reason", "A mistake."))).ShouldBeOk().Text.ShouldContain("CN-000001");
        revenue = (await billing.Get<InvoiceRules>().Revenue(12)).Single();
        (revenue.Net, revenue.Paid, revenue.Open).ShouldBe((0, 0, 0));
        (await billing.Get<InvoiceRules>().Find(invoice.Id)).Value!.Status.ShouldBe("paid");
        (await browser.Get("/portal/operator/billing/invoices/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_voided_is_no_revenue()
    {
        var (_, billing, _, invoice, _) = await Billed();
        await using var __ = billing;
        (await billing.Get<InvoiceRules>().Void(invoice.Id, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        var revenue = (await billing.Get<InvoiceRules>().Revenue(12)).Single();
        (revenue.Net, revenue.Paid, revenue.Open).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_server_reads_its_own_statement()
    {
        var (server, billing, _, invoice, app) = await Billed();
        await using var __ = billing;
        Task<Reply> Ask(string query) =>
            server.Send(server.Request(HttpMethod.Get, $"/api/server/billing/statement{query}", ("app-secret", app.Secret)));
        var closed = (await Ask($"?month={invoice.Service}")).ShouldBeOk().Json;
        (closed.GetProperty("appId").GetString(), closed.GetProperty("net").GetInt64()).ShouldBe((app.Id, invoice.Net));
        (await Ask("")).ShouldBeOk().Json.GetProperty("currency").GetString().ShouldBe("EUR");
        foreach (var query in new[] { "?month=2026-13", "?month=9999-01", "?month=x", "?month=2001-01" })
        {
            (await Ask(query)).Code.ShouldBe(602, query);
        }

        (await server.Get("/api/server/billing/statement", ("app-token", app.Token))).Code.ShouldNotBeNull();
    }

    [Fact]
    public async Task While_billing_is_off_no_page_and_no_route_is_there()
    {
        var server = servers.Main;
        var app = await server.CreateApp();
        var (developer, @operator) = (await PortalAccount.Create(server), await PortalAccount.Create(server, isOperator: true));
        await developer.AddAsMember(app.Id, "owner");
        var (member, ada) = (await developer.SignIn(), await @operator.SignIn());
        (await member.Get("/portal/billing")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await member.Get("/portal/billing/x")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Get("/portal/operator/billing")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Get("/portal/operator/billing/invoices/x")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Get("/portal/operator/system")).Text.ShouldNotContain("operator/billing");
        (await member.Get("/portal")).Text.ShouldNotContain("/portal/billing");
        (await server.Send(server.Request(HttpMethod.Get, "/api/server/billing/statement", ("app-secret", app.Secret)))).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await server.Get("/openapi/v1.json")).Text.ShouldNotContain("billing");
    }

    /// <summary>A server with billing on, and an application with an open invoice for last month.</summary>
    private async Task<(ServerProcess Server, BillingInstallation Billing, string Account, Invoice Invoice, App App)> Billed()
    {
        var installation = await servers.NewInstallation();
        var today = TimeProvider.System.GetUtcNow();
        var billing = await BillingInstallation.Attach(installation, today.AddMonths(-1));
        var (account, plan) = (
            await billing.CreateAccount(),
            await billing.CreatePlan("Pro", "EUR", ("month", "29"), ("activeUser", "10 free, 0.01"), ("taxRate", "19"))
        );
        var app = await (await servers.StartOn(installation)).CreateApp("type=commercial");
        await billing.Run();
        await billing.Assign(account, app.Id, plan);
        billing.GoTo(today);
        await billing.Run();
        var invoices = await billing.Get<InvoiceRules>().List(account, "open");

        // It runs at today's time: earlier, it could record the app before the test does, as one of today
        var server = await servers.StartOn(installation, environment: [("LATCHKEY_BILLING", "on")]);
        return (server, billing, account, invoices[0], app with { Server = server });
    }
}
