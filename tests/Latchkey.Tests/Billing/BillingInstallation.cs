using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Status;
using Latchkey.Billing;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Plans;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Tests.Billing;

/// <summary>An installation of its own that charges, with the product's services in this process on a clock that the test moves.</summary>
public sealed class BillingInstallation : IAsyncDisposable
{
    public static readonly Actor By = new("op@example.com", "127.0.0.1");
    private static readonly ChangeContext Operator = new(By, Role.Operator);

    private readonly ServiceProvider services;

    private BillingInstallation(TestInstallation installation, ServiceProvider services, ManualClock clock) =>
        (Installation, this.services, Clock) = (installation, services, clock);

    public TestInstallation Installation { get; }

    public ManualClock Clock { get; }

    public static async Task<BillingInstallation> Create(
        ServerFixture servers,
        DateTimeOffset start,
        BillingSettings? settings = null,
        StripeSettings? stripe = null
    ) => await On(await servers.NewInstallation(), new ManualClock(start), settings, stripe);

    /// <summary>On an installation that servers run on.</summary>
    public static Task<BillingInstallation> Attach(TestInstallation installation, DateTimeOffset start) =>
        On(installation, new ManualClock(start), null);

    /// <summary>Another node on the same database and clock.</summary>
    public Task<BillingInstallation> AnotherNode() => On(Installation, Clock, Get<InstallationSettings>().Billing);

    private static async Task<BillingInstallation> On(
        TestInstallation installation,
        ManualClock clock,
        BillingSettings? settings,
        StripeSettings? stripe = null
    )
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddInstallation(
                new InstallationSettings
                {
                    DataFolder = installation.DataFolder,
                    Database = installation.DatabaseConnection,
                    Stripe = stripe,
                    Billing = settings ?? new BillingSettings { Seller = ["Latch GmbH", "Keyway 1"], Instructions = "Pay by bank." },
                }
            )
            .AddSingleton<TimeProvider>(clock)
            .BuildServiceProvider();
        await InstallationServices.Prepare(services);
        return new(installation, services, clock);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public Database Database => Get<Database>();

    /// <summary>Moves the clock to a time.</summary>
    public void GoTo(DateTimeOffset time) => Clock.Advance(time - Clock.GetUtcNow());

    public void GoTo(int year, int month, int day, int hour = 0) => GoTo(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero));

    /// <summary>Does what is due; nothing may fail.</summary>
    public async Task Run() => (await Get<BillingRun>().Run(By)).Select(failure => $"{failure.Work}: {failure.Reason}").ShouldBeEmpty();

    public async Task<string> CreatePlan(string name, string currency, params (string Name, string Price)[] prices) =>
        (await Get<PlanRules>().Create(name, currency, prices.ToDictionary(price => price.Name, price => price.Price), By)).Value!.Id;

    public async Task<string> CreateAccount(string name = "Acme", string currency = "EUR", string language = "EN") => (
            await Get<BillingAccountRules>()
                .Create(
                    new BillingAccount
                    {
                        Name = name,
                        Address = "Street 1\nTown",
                        Email = "bills@example.com",
                        Language = language,
                        Currency = currency,
                    },
                    By
                )
        ).Value!.Id;

    /// <summary>An application that was created now.</summary>
    public async Task<string> CreateApp(string name = "Demo", string type = ApplicationType.Commercial)
    {
        var row = new ApplicationRow
        {
            Id = Latchkey.Cryptography.Secrets.AppId(),
            Name = name,
            Type = type,
            CreatedAt = Clock.Now(),
            UpdatedAt = Clock.Now(),
        };
        await Database.Write(async db =>
        {
            await Get<ApplicationStore>().Insert(db, row);
            await Get<ApplicationStatusRules>().RecordCreation(db, row, By);
        });
        return row.Id;
    }

    public async Task Assign(string accountId, string appId, string planId) =>
        (await Get<BillingAssignmentRules>().Assign(accountId, appId, planId, By)).Succeeded.ShouldBeTrue();

    public async Task SetStatus(string appId, string status) =>
        (await Get<ApplicationRules>().SetStatus(appId, status, "because", Operator)).Succeeded.ShouldBeTrue();

    /// <summary>Runs a command of the program with billing on, in a process of its own, at today's time.</summary>
    public static async Task<CommandResult> Command(TestInstallation installation, params string[] arguments)
    {
        await using var process = ChildProcess.Start(
            RepositoryPaths.Program,
            [.. arguments, "--data", installation.DataFolder, "--database", installation.DatabaseConnection],
            [("LATCHKEY_BILLING", "on")]
        );
        await process.WaitForExit();
        var printed = string.Join('\n', process.Lines);
        return new CommandResult(process.ExitCode, printed, printed);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
