using Latchkey.Billing;
using Latchkey.Billing.Plans;

namespace Latchkey.Tests.Billing;

/// <summary>Price lists: what they accept, and from when a change holds.</summary>
public sealed class PlanTests(ServerFixture servers)
{
    private static readonly Currency Euro = Currency.FromStored("EUR");

    [Theory]
    [InlineData("0.01")]
    [InlineData("1000 free, 0.01")]
    [InlineData("1000 free, 0.01 to 10000, 0.005 to 100000, 0.0001")]
    public void A_price_is_written_as_it_is_read(string text) => PriceText.Format(PriceText.Parse(text, Euro).Value!, Euro).ShouldBe(text);

    [Theory]
    [InlineData("-0.01", "cannot be negative")]
    [InlineData("0.01 to 100", "leave a gap")]
    [InlineData("0.01, 0.005", "overlap")]
    [InlineData("0.01 to 100, 0.02 to 100, 0.03", "must rise")]
    [InlineData("0.01 to 0, 0.02", "above 0")]
    [InlineData("many free, 0.01", "whole number")]
    [InlineData("-5 free, 0.01", "whole number")]
    [InlineData("", "a number")]
    [InlineData("5 free", "one to 10")]
    [InlineData("0.000000001", "at most 8 digits")]
    public void Another_price_is_refused_with_a_sentence(string text, string because) =>
        PriceText.Parse(text, Euro).Error!.Message.ShouldContain(because);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1000, 0)]
    [InlineData(1001, 1)]
    [InlineData(11000, 10000)]
    [InlineData(11002, 10001)]
    public void The_free_allowance_comes_first_and_each_tier_holds_for_its_own_units(int used, long cents) =>
        Money
            .Round(PriceText.Parse("1000 free, 0.01 to 10000, 0.005", Euro).Value!.AmountOf(Fraction.Of(used), Euro), Euro)
            .MinorUnits.ShouldBe(cents);

    [Fact]
    public async Task A_change_holds_from_the_next_month()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2027, 1, 31, 23, 0, 0, TimeSpan.Zero));
        var rules = billing.Get<PlanRules>();
        await billing.CreatePlan("Pro", "EUR", ("month", "29"), ("taxRate", "19"));
        (await rules.Set("Pro", new Dictionary<string, string> { ["month"] = "39" }, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        (await rules.Set("Pro", new Dictionary<string, string> { ["mail"] = "0.001" }, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        var (plan, versions) = (await rules.Find("Pro")).Value;
        versions
            .Select(version => (version.Month, PlanRules.Describe(PlanTerms.Read(version.Terms), Currency.FromStored(plan.Currency))))
            .Select(version => $"{version.Month}: {version.Item2["month"]} {version.Item2["mail"]} {version.Item2["taxRate"]}")
            .ShouldBe(["202701: 29.00 0.00 19.00", "202702: 39.00 0.001 19.00"]);
    }

    [Theory]
    [InlineData("EURO", "month", "1", "ISO 4217")]
    [InlineData("EUR", "month", "-1", "month: A price cannot be negative.")]
    [InlineData("EUR", "taxRate", "101", "taxRate: The tax rate is a percentage")]
    [InlineData("EUR", "coffee", "1", "no such price")]
    public async Task An_invalid_plan_is_refused_with_a_sentence(string currency, string name, string price, string because)
    {
        await using var billing = await BillingInstallation.Create(servers, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var made = await billing
            .Get<PlanRules>()
            .Create("Pro", currency, new Dictionary<string, string> { [name] = price }, BillingInstallation.By);
        made.Error!.Message.ShouldContain(because);
        (await billing.Get<PlanRules>().List()).ShouldBeEmpty();
    }
}
