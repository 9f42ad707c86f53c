using Latchkey.Billing.Invoices;
using Latchkey.Core;

namespace Latchkey.Tests.Billing;

/// <summary>The life of an invoice.</summary>
public sealed class InvoiceTests(ServerFixture servers)
{
    private static readonly Payment Transfer = new() { Reference = "TRX 1" };

    /// <summary>For each status, what can be done, and the status after it.</summary>
    public static TheoryData<string, string> Allowed =>
        new()
        {
            { "draft", "open>open void>void" },
            { "open", "pay>paid void>void giveUp>uncollectible credit>void" },
            { "paid", "credit>paid" },
            { "void", "" },
            { "uncollectible", "pay>paid credit>void" },
        };

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Each_step_is_possible_from_its_states_and_from_no_other(string from, string allowed)
    {
        var next = allowed
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(step => step.Split('>'))
            .ToDictionary(step => step[0], step => step[1]);
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var month = 2;
        foreach (var action in new[] { "open", "pay", "void", "giveUp", "credit" })
        {
            var (rules, invoice) = (billing.Get<InvoiceRules>(), await Draft(billing, ++month));
            foreach (var step in PathTo(from))
            {
                (await Do(rules, invoice.Id, step)).Succeeded.ShouldBeTrue(step);
            }

            var before = (await rules.Find(invoice.Id)).Value!;
            var done = await Do(rules, invoice.Id, action);
            done.Succeeded.ShouldBe(next.ContainsKey(action), $"{action} from {from}: {done.Error?.Message}");
            var after = (await rules.Find(invoice.Id)).Value!;
            after.Status.ShouldBe(next.GetValueOrDefault(action, from));
            if (before.Number is not null)
            {
                (after.Number, after.Document, after.Total).ShouldBe((before.Number, before.Document, before.Total));
            }
        }
    }

    [Fact]
    public async Task A_credit_note_takes_an_invoice_back_once_and_is_no_invoice()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (rules, invoice) = (billing.Get<InvoiceRules>(), await Draft(billing, 3));
        await Do(rules, invoice.Id, "open");
        await Do(rules, invoice.Id, "pay");
        var note = (await rules.Credit("INV-000001", "A mistake.", BillingInstallation.By)).Value!;
        (note.Number, note.CreditsId, note.Total).ShouldBe(("CN-000001", invoice.Id, invoice.Total));
        var printed = await rules.Document(note);
        (printed.Kind, printed.CreditedNumber, printed.DueOn, printed.Instructions).ShouldBe(
            (InvoiceKind.CreditNote, "INV-000001", null, "A mistake.")
        );
        (await Do(rules, invoice.Id, "credit")).Error!.Message.ShouldContain("credit note already");
        foreach (var action in new[] { "open", "pay", "void", "giveUp", "credit" })
        {
            (await Do(rules, note.Id, action)).Error!.Message.ShouldContain("credit note");
        }
    }

    [Fact]
    public async Task Numbers_have_no_gaps_though_openings_fail_and_run_at_once()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < 8; i++)
        {
            await Draft(billing, 3 + i);
        }

        await billing.Installation.Execute("UPDATE invoices SET account_id = 'nobody' WHERE id = (SELECT MIN(id) FROM invoices)");
        var ids = await billing.Database.Read(db => billing.Get<InvoiceStore>().ListDraftIds(db));
        var rules = billing.Get<InvoiceRules>();
        await Task.WhenAll(
            ids.Concat(ids)
                .Select(async id =>
                {
                    try
                    {
                        await Do(rules, id, "open");
                    }
                    catch (InvalidOperationException)
                    {
                        // the account is gone
                    }
                })
        );
        (await rules.List(null, "open"))
            .Select(invoice => invoice.Number)
            .Order()
            .ShouldBe(Enumerable.Range(1, ids.Count - 1).Select(i => $"INV-{i:000000}"));
    }

    [Fact]
    public async Task An_open_invoice_stays_as_it_was_whatever_changes_and_is_mailed()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var (rules, invoice) = (billing.Get<InvoiceRules>(), await Draft(billing, 3));
        var opened = (await Do(rules, invoice.Id, "open")).Value!;
        var document = await rules.Document(opened);
        (document.Number, document.Total, document.DueOn, document.Seller.Name, document.Buyer.Name).ShouldBe(
            ("INV-000001", 3451, new DateOnly(2028, 3, 19), "Latch GmbH", "Acme")
        );
        document.Lines.Single().Amount.ShouldBe(2900);
        await billing
            .Get<Latchkey.Billing.Accounts.BillingAccountRules>()
            .Change(opened.AccountId, account => account with { Name = "Other" }, BillingInstallation.By);
        await Do(rules, invoice.Id, "pay");
        (await rules.Document((await rules.Find(invoice.Id)).Value!))
            .ToJson()
            .ShouldBe((document with { Status = InvoiceStatus.Paid }).ToJson());
        var paid = (await rules.PaymentOf(opened))!;
        (paid.Amount, paid.Reference, paid.RecordedBy).ShouldBe((3451, "TRX 1", "op@example.com"));
        (
            await billing.Installation.Query<long>(
                "SELECT COUNT(*) FROM messages WHERE kind = 'portalInvoice' AND recipient = 'bills@example.com'"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task Accounts_that_owe_nothing_get_no_invoice_and_one_payment_is_enough()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await billing.Assign(
            await billing.CreateAccount(),
            await billing.CreateApp(),
            await billing.CreatePlan("Free", "EUR", ("month", "0"))
        );
        billing.GoTo(2028, 3, 2);
        await billing.Run();
        (await billing.Get<InvoiceRules>().List(null, null)).ShouldBeEmpty();
        var invoice = await Draft(billing, 4);
        await Do(billing.Get<InvoiceRules>(), invoice.Id, "open");
        var paid = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Do(billing.Get<InvoiceRules>(), invoice.Id, "pay")));
        paid.Count(one => one.Succeeded).ShouldBe(1);
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM payments")).ShouldBe(1);
    }

    [Fact]
    public async Task An_invoice_that_cannot_be_opened_keeps_no_other_from_its_turn()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (broken, other) = (await Draft(billing, 2), await Draft(billing, 4));
        await billing.Installation.Execute("UPDATE invoices SET currency = 'ZZZ' WHERE id = @Id", new { broken.Id });
        var failures = await billing.Get<Latchkey.Billing.BillingRun>().Run(BillingInstallation.By);
        failures.Select(failure => failure.Work).ShouldBe([$"open invoice {broken.Id}"]);
        (await billing.Get<InvoiceRules>().Find(other.Id)).Value!.Status.ShouldBe("open");
    }

    /// <summary>A draft for 29.00 EUR and 19 percent tax, drafted on the 5th of a month of 2028.</summary>
    private static async Task<Invoice> Draft(BillingInstallation billing, int month)
    {
        billing.GoTo(2028, month - 1, 1);
        var plan = await billing.CreatePlan($"Plan {month}", "EUR", ("month", "29"), ("taxRate", "19"));
        var account = await billing.CreateAccount();
        await billing.Assign(account, await billing.CreateApp(), plan);
        billing.GoTo(2028, month, 5);
        var service = new Latchkey.Activity.Metering.CalendarMonth(202800 + month - 1);
        await billing.Get<Latchkey.Billing.Statements.MonthClosing>().Close(service);
        await billing.Get<InvoiceRules>().Draft(service);
        return (await billing.Get<InvoiceRules>().List(account, "draft")).Single(invoice => invoice.Service == service);
    }

    private static string[] PathTo(string status) =>
        status switch
        {
            "draft" => [],
            "open" => ["open"],
            "paid" => ["open", "pay"],
            "void" => ["open", "void"],
            _ => ["open", "giveUp"],
        };

    private static Task<Result<Invoice>> Do(InvoiceRules rules, string id, string action) =>
        action switch
        {
            "open" => rules.Open(id, BillingInstallation.By),
            "pay" => rules.Pay(id, Transfer, BillingInstallation.By),
            "void" => rules.Void(id, BillingInstallation.By),
            "giveUp" => rules.GiveUp(id, BillingInstallation.By),
            _ => rules.Credit(id, "A mistake.", BillingInstallation.By),
        };
}
