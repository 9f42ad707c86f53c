using System.Globalization;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Billing.Plans;
using Latchkey.Data;

namespace Latchkey.Tests.Billing;

/// <summary>Applications that live through a year, in the product and as facts that the test keeps.</summary>
public sealed class SimulatedYear : IAsyncDisposable
{
    private static readonly (string Currency, int Exponent)[] Currencies = [("EUR", 2), ("JPY", 0), ("KWD", 3)];

    private readonly Random random = new(20240229);
    private readonly Dictionary<string, (string Account, SimulatedPlan[] Plans)> accounts = [];
    private readonly int year;
    private readonly string[] statuses;

    private SimulatedYear(BillingInstallation billing, int year, string[] statuses) =>
        (Billing, this.year, this.statuses) = (billing, year, statuses);

    public BillingInstallation Billing { get; }

    public List<SimulatedApp> Apps { get; } = [];

    private long Now => Billing.Clock.Now();

    public static async Task<SimulatedYear> Create(BillingInstallation billing, int applications, int year, string[] statuses)
    {
        var simulated = new SimulatedYear(billing, year, statuses);
        foreach (var (currency, exponent) in Currencies)
        {
            var plans = new[] { simulated.RandomPlan(exponent), simulated.RandomPlan(exponent) };
            foreach (var plan in plans)
            {
                plan.Id = await billing.CreatePlan($"Plan {currency} {Array.IndexOf(plans, plan)}", currency, plan.Prices(year * 100 + 1));
            }

            simulated.accounts[currency] = (await billing.CreateAccount(currency, currency), plans);
        }

        for (var i = 0; i < applications; i++)
        {
            var currency = Currencies[i % Currencies.Length].Currency;
            var type = i % 5 == 0 ? "development" : "commercial";
            var app = new SimulatedApp(await billing.CreateApp($"App {i}", type), currency);
            app.States.Add((simulated.Now, type, "active"));
            simulated.Apps.Add(app);
            await simulated.Assign(app, simulated.accounts[currency].Plans[i % 2], year * 100 + 1);
        }

        return simulated;
    }

    /// <summary>Everything that happens in a month, in the order of time.</summary>
    public async Task Live(int month)
    {
        var (from, to) = (Start(year, month), month == 12 ? Start(year + 1, 1) : Start(year, month + 1));
        var moments = Apps.SelectMany(app => Enumerable.Range(0, 5).Select(_ => (At: random.NextInt64(from, to), App: app)))
            .OrderBy(moment => moment.At)
            .ToList();
        foreach (var (at, app) in moments)
        {
            Billing.GoTo(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(at, Now)));
            if (!app.IsDeleted)
            {
                await HappenTo(app, month);
            }
        }

        foreach (var (_, plans) in accounts.Values)
        {
            var plan = plans[random.Next(plans.Length)];
            plan.Change(random, NextMonth(month));
            var changed = await Billing
                .Get<PlanRules>()
                .Set(
                    plan.Id,
                    plan.Prices(NextMonth(month)).ToDictionary(price => price.Name, price => price.Price),
                    BillingInstallation.By
                );
            changed.Succeeded.ShouldBeTrue(changed.Error?.Message);
        }
    }

    public ValueTask DisposeAsync() => Billing.DisposeAsync();

    public static long Start(int year, int month) => new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private async Task HappenTo(SimulatedApp app, int month)
    {
        switch (random.Next(20))
        {
            case < 5:
                var status = statuses[random.Next(statuses.Length)];
                await Billing.SetStatus(app.Id, status);
                app.States.Add((Now, app.Type, status));
                break;
            case 5 when app.Type == "development":
                await Billing
                    .Get<ApplicationRules>()
                    .Change(app.Id, new Dictionary<string, string> { ["type"] = "commercial" }, ChangeContext.CommandLine);
                app.States.Add((Now, "commercial", app.Status));
                break;
            case 6:
                var plans = accounts[app.Currency].Plans;
                await Assign(app, plans[random.Next(plans.Length)], NextMonth(month));
                break;
            case 7 when month > 6 && random.Next(2) == 0:
                await Billing.Database.Write(db => Billing.Get<ApplicationStore>().Delete(db, app.Id));
                app.States.Add((Now, app.Type, "deleted"));
                break;
            case < 11:
                var bytes = random.NextInt64(50_000_000_000);
                await Billing.Database.Write(db => Billing.Get<MeteringStore>().RecordStorage(db, app.Id, bytes));
                app.Stored.Add((Now, bytes));
                break;
            default:
                await Use(app);
                break;
        }
    }

    private async Task Use(SimulatedApp app)
    {
        var (kind, count) = (new[] { MeterKind.ActiveUser, MeterKind.Mail, MeterKind.Sms }[random.Next(3)], random.Next(1, 40));
        var subjects = Enumerable.Range(0, count).Select(_ => random.Next(60).ToString(CultureInfo.InvariantCulture)).ToList();
        await Billing.Database.Write(async db =>
        {
            foreach (var subject in subjects)
            {
                await Billing.Get<MeteringStore>().RecordUse(db, app.Id, kind, subject, Now);
            }
        });
        app.Uses.AddRange(subjects.Select(subject => (Now, kind, subject)));
    }

    private async Task Assign(SimulatedApp app, SimulatedPlan plan, int month)
    {
        if (app.Assigned.Count == 0 || await Billing.Get<ApplicationRules>().Find(app.Id) is not null)
        {
            await Billing.Assign(accounts[app.Currency].Account, app.Id, plan.Id);
            app.Assigned.Add((month, plan));
        }
    }

    private SimulatedPlan RandomPlan(int exponent)
    {
        var plan = new SimulatedPlan(exponent);
        plan.Change(random, year * 100 + 1);
        return plan;
    }

    private int NextMonth(int month) => month == 12 ? (year + 1) * 100 + 1 : year * 100 + month + 1;
}
