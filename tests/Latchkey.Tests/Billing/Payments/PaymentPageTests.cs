using System.Net;
using System.Text;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>A developer's card, payments and files of invoices in the portal, with a stand-in for Stripe.</summary>
public sealed class PaymentPageTests(ServerFixture servers)
{
    [Fact]
    public async Task A_developer_saves_a_card_pays_after_confirming_and_removes_it()
    {
        var (stripe, server, billing, account, invoice) = await Billed();
        await using var _ = stripe;
        await using var __ = billing;
        var ann = await Developer(server, account, "ann");
        var (cardPage, page) = ($"/portal/billing/{account}/card", $"/portal/billing/{account}/invoices/{invoice.Id}");
        (await ann.Get(page)).ShouldBeOk().Text.ShouldContain("No card is saved.");

        (await ann.Post(cardPage, "save")).ShouldBeOk().Text.ShouldContain("https://checkout.stripe.com/");
        var session = stripe.LastSession;
        (await ann.Post($"{cardPage}?session={session}", "finish")).Text.ShouldContain("No card was saved. Begin again.");
        stripe.EnterCard(session, FakeStripe.AsksToConfirm);
        var saved = (await ann.PostAndFollow($"{cardPage}?session={session}", "finish")).ShouldBeOk().Text;
        WebUtility.HtmlDecode(saved).ShouldContain("visa •••• 3184, 07/2034");

        (await ann.Post(page, "pay")).ShouldBeOk().Text.ShouldContain("https://hooks.stripe.com/3d_secure_2/");
        stripe.Confirm((string)stripe.PaymentIntents.ShouldHaveSingleItem()["id"]!);
        (await ann.PostAndFollow(page, "check")).ShouldBeOk().Text.ShouldContain(">paid<");
        (await billing.Get<InvoiceRules>().Find(invoice.Id)).Value!.Status.ShouldBe("paid");

        (await ann.PostAndFollow(cardPage, "remove")).ShouldBeOk().Text.ShouldContain("No card is saved");
        server.Errors.ShouldBeEmpty();
        var log = string.Join('\n', server.Log);
        log.ShouldNotContain(FakeStripe.SecretKey);
        log.ShouldNotContain(FakeStripe.WebhookSecret);
    }

    [Fact]
    public async Task A_declined_payment_says_why()
    {
        var (stripe, server, billing, account, invoice) = await Billed();
        await using var _ = stripe;
        await using var __ = billing;
        var ann = await Developer(server, account, "ann");
        await ann.Post($"/portal/billing/{account}/card", "save");
        stripe.EnterCard(stripe.LastSession, FakeStripe.Declined);
        await ann.Post($"/portal/billing/{account}/card?session={stripe.LastSession}", "finish");
        (await ann.PostAndFollow($"/portal/billing/{account}/invoices/{invoice.Id}", "pay"))
            .ShouldBeOk()
            .Text.ShouldContain("The last payment was declined: Your card has insufficient funds.");
    }

    [Fact]
    public async Task Files_of_an_invoice_are_for_its_developers_and_operators_alone()
    {
        var (stripe, server, billing, account, invoice) = await Billed();
        await using var _ = stripe;
        await using var __ = billing;
        var (ann, other) = (await Developer(server, account, "ann"), await billing.CreateAccount("Other"));
        var bob = await Developer(server, other, "bob");
        var ada = await (await PortalAccount.Create(server, "ada", isOperator: true)).SignIn();
        var ofAnn = $"/portal/billing/{account}/invoices/{invoice.Id}/file";
        var ofAda = $"/portal/operator/billing/invoices/{invoice.Id}/file";
        foreach (var (browser, path) in new[] { (ann, ofAnn), (ada, ofAda) })
        {
            var pdf = (await browser.Get($"{path}/pdf")).ShouldBeOk();
            pdf.Header("Content-Type").ShouldBe("application/pdf");
            pdf.Header("Content-Disposition")!.ShouldContain("INV-000001.pdf");
            pdf.Text.ShouldStartWith("%PDF-");
            var html = (await browser.Get($"{path}/html")).ShouldBeOk();
            html.Text.ShouldContain("INV-000001");
            html.Header("Content-Security-Policy")!.ShouldStartWith("sandbox; default-src 'none'");
            (await browser.Get($"{path}/csv")).ShouldBeOk().Text.ShouldContain("invoice,INV-000001,");
            (await browser.Get($"{path}/exe")).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        foreach (var path in new[] { ofAnn, ofAda, $"/portal/billing/{other}/invoices/{invoice.Id}/file" })
        {
            (await bob.Get($"{path}/pdf")).Status.ShouldNotBe(HttpStatusCode.OK, path);
        }

        (await bob.Get($"/portal/billing/{other}/invoices/{invoice.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await bob.Get($"/portal/billing/{account}/invoices/{invoice.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await bob.Get($"/portal/billing/{account}/card")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_invoice_whose_letters_the_pdf_lacks_is_there_as_a_page()
    {
        var (stripe, server, billing, account, invoice) = await Billed("株式会社テスト");
        await using var _ = stripe;
        await using var __ = billing;
        var ann = await Developer(server, account, "ann");
        var files = $"/portal/billing/{account}/invoices/{invoice.Id}/file";
        var refused = await ann.Get($"{files}/pdf");
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Text.ShouldContain("Use the HTML version.");
        WebUtility.HtmlDecode((await ann.Get($"{files}/html")).ShouldBeOk().Text).ShouldContain("株式会社テスト");
    }

    [Fact]
    public async Task A_command_writes_the_files_of_an_invoice()
    {
        var (stripe, server, billing, _, invoice) = await Billed();
        await using var __ = stripe;
        await using var ___ = billing;
        foreach (var (format, start) in new[] { ("pdf", "%PDF-"), ("html", "<!doctype html>"), ("csv", "\uFEFFkind,number") })
        {
            var file = Path.Combine(server.Installation.DataFolder, $"one.{format}");
            (
                await BillingInstallation.Command(server.Installation, "billing", "invoice", "show", invoice.Number!, $"--{format}", file)
            ).ShouldSucceed();
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldStartWith(start);
        }
    }

    /// <summary>A developer who may see the bills of an account.</summary>
    private static async Task<PortalClient> Developer(ServerProcess server, string account, string name)
    {
        var developer = await PortalAccount.Create(server, name);
        (
            await BillingInstallation.Command(
                server.Installation,
                "billing",
                "account",
                "add-developer",
                account,
                "--email",
                developer.Email
            )
        ).ShouldSucceed();
        return await developer.SignIn();
    }

    /// <summary>A server with Stripe, and an account with an open invoice.</summary>
    private async Task<(FakeStripe Stripe, ServerProcess Server, BillingInstallation Billing, string Account, Invoice Invoice)> Billed(
        string name = "Acme"
    )
    {
        var stripe = await FakeStripe.Start();
        var installation = await servers.NewInstallation();
        var today = TimeProvider.System.GetUtcNow();
        var billing = await BillingInstallation.Attach(installation, today.AddMonths(-1));
        var (account, plan) = (
            await billing.CreateAccount(name),
            await billing.CreatePlan("Pro", "EUR", ("month", "29"), ("taxRate", "19"))
        );
        var app = await billing.CreateApp();
        await billing.Assign(account, app, plan);
        billing.GoTo(today);
        await billing.Run();
        var server = await servers.StartOn(installation, environment: [("LATCHKEY_BILLING", "on"), .. stripe.Environment]);
        return (stripe, server, billing, account, (await billing.Get<InvoiceRules>().List(account, "open"))[0]);
    }
}
