using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Plans;

/// <summary>Creates plans and changes their prices. A change holds from the next month, because this month's are already charged.</summary>
public sealed class PlanRules(Database database, PlanStore store, InstallationLog log, TimeProvider clock)
{
    private const int MaxTaxRate = 10_000;

    /// <summary>The names of the prices, as <see cref="Create"/> and <see cref="Set"/> take them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["month", "activeUser", "mail", "sms", "storage", "taxRate"];

    /// <summary>Creates a plan whose prices hold from this month. 602 with a sentence for what is invalid.</summary>
    public async Task<Result<Plan>> Create(string name, string currency, IReadOnlyDictionary<string, string> prices, Actor actor)
    {
        if (Currency.Parse(currency).Failed(out var known, out var unknown))
        {
            return unknown;
        }

        if (Apply(new PlanTerms(), known, prices).Failed(out var terms, out var invalid))
        {
            return invalid;
        }

        if (BillingText.Line("The plan's name", name).Failed(out var title, out var unfit))
        {
            return unfit;
        }

        var now = clock.Now();
        var plan = new Plan
        {
            Id = Ids.New(clock),
            Name = title,
            Currency = known.Code,
            CreatedAt = now,
        };
        return await log.Write<Plan>(
            InstallationEntry.By(actor, "createPlan", $"plan {plan.Id} created"),
            async db =>
            {
                if (!await store.Insert(db, plan))
                {
                    return Setting.Invalid("There is a plan of this name already.");
                }

                await store.SetVersion(db, VersionFor(plan, CalendarMonth.Of(now), terms, now));
                return plan;
            }
        );
    }

    /// <summary>Changes the named prices from the next month on. 602 with a sentence for what is invalid.</summary>
    public Task<Result<Plan>> Set(string idOrName, IReadOnlyDictionary<string, string> prices, Actor actor) =>
        log.Write<Plan>(
            async db =>
            {
                if (!Field.IsStorable(idOrName) || await store.Find(db, idOrName) is not { } plan)
                {
                    return NoSuchPlan;
                }

                var (now, next) = (clock.Now(), CalendarMonth.Of(clock.Now()).Next);
                var before = await store.VersionOf(db, plan.Id, next);
                if (
                    Apply(before is null ? new PlanTerms() : PlanTerms.Read(before.Terms), Currency.FromStored(plan.Currency), prices)
                        .Failed(out var terms, out var invalid)
                )
                {
                    return invalid;
                }

                await store.SetVersion(db, VersionFor(plan, next, terms, now));
                return plan;
            },
            saved => InstallationEntry.By(actor, "setPrices", $"prices of plan {saved.Id} changed from the next month")
        );

    public Task<IReadOnlyList<Plan>> List() => database.Read(store.All);

    /// <summary>Finds a plan by id or name, with its versions, oldest first.</summary>
    public async Task<Result<(Plan Plan, IReadOnlyList<PlanVersion> Versions)>> Find(string idOrName) =>
        Field.IsStorable(idOrName) && await database.Read(db => store.Find(db, idOrName)) is { } plan
            ? (plan, await database.Read(db => store.Versions(db, plan.Id)))
            : NoSuchPlan;

    /// <summary>The prices as text, by name.</summary>
    public static IReadOnlyDictionary<string, string> Describe(PlanTerms terms, Currency currency) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["month"] = new UnitPrice(terms.Month, currency).ToDecimalText(),
            ["activeUser"] = PriceText.Format(terms.ActiveUser, currency),
            ["mail"] = PriceText.Format(terms.Mail, currency),
            ["sms"] = PriceText.Format(terms.Sms, currency),
            ["storage"] = PriceText.Format(terms.Storage, currency),
            ["taxRate"] = DecimalText.Format(terms.TaxRate, 2),
        };

    internal static Error NoSuchPlan => Setting.Invalid("There is no such plan.");

    private static Result<PlanTerms> Apply(PlanTerms terms, Currency currency, IReadOnlyDictionary<string, string> prices)
    {
        foreach (var (name, text) in prices)
        {
            if (Apply(terms, currency, name, text).Failed(out var next, out var refused))
            {
                return refused with { Message = $"{name}: {refused.Message}" };
            }

            terms = next;
        }

        return terms;
    }

    private static Result<PlanTerms> Apply(PlanTerms terms, Currency currency, string name, string text)
    {
        switch (name)
        {
            case "month":
                return UnitPrice.Parse(text, currency).Failed(out var month, out var no) ? no : terms with { Month = month.Millionths };
            case "taxRate":
                return DecimalText.Parse(text.Trim(), 2) is >= 0 and <= MaxTaxRate and var rate
                    ? terms with
                    {
                        TaxRate = (int)rate,
                    }
                    : Setting.Invalid("The tax rate is a percentage from 0 to 100 with at most 2 digits after the point, such as 19.");
            case "activeUser" or "mail" or "sms" or "storage":
                return PriceText.Parse(text, currency).Failed(out var price, out var refused) ? refused : With(terms, name, price);
            default:
                return Setting.Invalid($"There is no such price. The prices are: {string.Join(", ", Names)}.");
        }
    }

    private static PlanTerms With(PlanTerms terms, string name, UsagePrice price) =>
        name switch
        {
            "activeUser" => terms with { ActiveUser = price },
            "mail" => terms with { Mail = price },
            "sms" => terms with { Sms = price },
            _ => terms with { Storage = price },
        };

    private static PlanVersion VersionFor(Plan plan, CalendarMonth month, PlanTerms terms, long now) =>
        new()
        {
            PlanId = plan.Id,
            Month = month.Number,
            Terms = terms.Write(),
            CreatedAt = now,
        };
}
