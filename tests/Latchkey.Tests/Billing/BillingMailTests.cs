using System.Text.RegularExpressions;
using Latchkey.Billing.Collection;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Tests.Messages.Templates;

namespace Latchkey.Tests.Billing;

/// <summary>Mails about invoices and budgets are in the language of the billing account.</summary>
public sealed partial class BillingMailTests(ServerFixture servers)
{
    public static MatrixTheoryData<string, string> Translated => new(BuiltInTemplateTests.Locales.Except(["EN"]), PortalMailKind.Billing);

    [Theory]
    [MemberData(nameof(Translated))]
    public void Every_language_has_every_mail_with_the_macros_of_the_english_one(string language, string kind)
    {
        var (mail, english) = (MessageTemplates.PortalMail(kind, language), MessageTemplates.PortalMail(kind, "EN"));
        Macros(mail.Subject).ShouldBe(Macros(english.Subject));
        Macros(mail.Html).ShouldBe(Macros(english.Html));
        mail.Subject.ShouldNotBe(english.Subject);
        mail.LinkText.ShouldNotBe(english.LinkText);
        HtmlToText
            .Convert(mail.Html)
            .Split('\n')
            .Intersect(HtmlToText.Convert(english.Html).Split('\n'))
            .ShouldBe(["%APP_NAME%", "", "%LINK%"]);
        mail.Html.ShouldContain($"<html lang=\"{language.ToLowerInvariant()}\" dir=\"{(language == "AR" ? "rtl" : "ltr")}\">");
    }

    [Fact]
    public void A_region_has_the_mails_of_its_language_and_script()
    {
        foreach (var kind in PortalMailKind.Billing)
        {
            MessageTemplates.PortalMail(kind, "PT-BR").ShouldBe(MessageTemplates.PortalMail(kind, "PT"));
            MessageTemplates.PortalMail(kind, "ZH-TW").ShouldBe(MessageTemplates.PortalMail(kind, "ZH-HANT"));
        }
    }

    [Fact]
    public void Other_mails_of_the_portal_are_english() =>
        MessageTemplates.PortalMail(PortalMailKind.SignUp, "DE").ShouldBe(MessageTemplates.PortalMail(PortalMailKind.SignUp, "EN"));

    [Fact]
    public async Task A_reminder_is_in_the_language_of_the_account_and_in_english_where_there_are_no_texts()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var plan = await billing.CreatePlan("Pro", "EUR", ("month", "1299"));
        var (german, arabic, swedish) = (
            await Paying(billing, plan, "DE"),
            await Paying(billing, plan, "AR"),
            await Paying(billing, plan, "SV")
        );
        billing.GoTo(2028, 3, 1, 2);
        await billing.Run(); // opened on 1 March, due on the 15th
        billing.GoTo(2028, 3, 16, 1);
        await billing.Run();
        var mail = await Reminder(billing, german);
        mail.Subject.ShouldStartWith("Rechnung INV-");
        mail.Subject.ShouldEndWith(" ist nicht bezahlt");
        mail.Html.ShouldContain("<html lang=\"de\" dir=\"ltr\">");
        mail.Text.ShouldContain("über 1.299,00\u00A0EUR war bis zum 15. März 2028 zu zahlen");
        mail.Text.ShouldContain($"Rechnung ansehen:\n{mail.Link}\n");
        mail = await Reminder(billing, arabic);
        mail.Html.ShouldContain("<html lang=\"ar\" dir=\"rtl\">");
        mail.Text.ShouldContain("في موعد أقصاه 15 مارس 2028.");
        mail.Text.ShouldContain("\u20661,299.00\u00A0EUR\u2069");
        mail = await Reminder(billing, swedish);
        mail.Html.ShouldContain("<html lang=\"en\" dir=\"ltr\">");
        mail.Text.ShouldContain("was to be paid by 15 March 2028. Please pay it now.");
    }

    [Fact]
    public async Task The_budgets_mail_is_in_the_language_of_the_account()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 4, 1, 0, 0, 0, TimeSpan.Zero));
        var account = await Paying(billing, await billing.CreatePlan("Pro", "EUR", ("month", "3000")), "DE");
        (await billing.Get<Budgets>().Set(account, "2000", false, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        billing.GoTo(2028, 4, 12);
        await billing.Run();
        var mail = await Mail(billing, account, PortalMailKind.Budget);
        mail.Subject.ShouldStartWith("50 Prozent Ihres Budgets auf ");
        mail.Text.ShouldContain("haben 50 Prozent des Budgets von 2.000,00\u00A0EUR für diesen Monat verbraucht");
    }

    /// <summary>An account in a language, with an application on a plan.</summary>
    private static async Task<string> Paying(BillingInstallation billing, string plan, string language)
    {
        var account = await billing.CreateAccount(language, language: language);
        await billing.Assign(account, await billing.CreateApp(language), plan);
        return account;
    }

    private static Task<MessageBody> Reminder(BillingInstallation billing, string account) =>
        Mail(billing, account, PortalMailKind.InvoiceReminder);

    /// <summary>The only mail of this kind to the account, with every macro filled.</summary>
    private static async Task<MessageBody> Mail(BillingInstallation billing, string account, string kind)
    {
        var mails = await billing.Get<Mailbox>().List(null, null, 100);
        var mail = mails
            .Single(one => one.Envelope.Kind == kind && one.Body.Link!.EndsWith($"/portal/billing/{account}", StringComparison.Ordinal))
            .Body;
        Macros(mail.Subject + mail.Text + mail.Html).ShouldBeEmpty();
        return mail;
    }

    private static IEnumerable<string> Macros(string text) => Macro().Matches(text).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex("%[A-Z_]+%")]
    private static partial Regex Macro();
}
