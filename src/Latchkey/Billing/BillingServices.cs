using Latchkey.Activity.Metering;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Collection;
using Latchkey.Billing.Invoices;
using Latchkey.Billing.Plans;
using Latchkey.Billing.Statements;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Billing;

/// <summary>Pay as you go: plans, billing accounts, statements, invoices.</summary>
public static class BillingServices
{
    public static IServiceCollection AddBilling(this IServiceCollection services, InstallationSettings installation) =>
        services
            .AddSingleton<PlanStore>()
            .AddSingleton<PlanRules>()
            .AddSingleton<BillingAccountStore>()
            .AddSingleton<BillingAssignmentStore>()
            .AddSingleton<BillingAccountRules>()
            .AddSingleton<BillingAssignmentRules>()
            .AddSingleton<UsageMeter>()
            .AddSingleton<StatementStore>()
            .AddSingleton<BillingCalendar>()
            .AddSingleton<MonthClosing>()
            .AddSingleton<BillingReport>()
            .AddSingleton<InvoiceStore>()
            .AddSingleton<InvoiceComposer>()
            .AddSingleton<InvoiceRules>()
            .AddSingleton<BillingMailer>()
            .AddSingleton<SuspendedApplicationStore>()
            .AddSingleton<Dunning>()
            .AddSingleton<Budgets>()
            .AddSingleton<BillingRun>()
            .AddRetention<MeteringStore>(
                (store, run) =>
                    installation.Billing is { } billing
                        ? run.RemoveInBatches(db =>
                            store.RemoveUsesBefore(db, CalendarMonth.Of(run.Now).AddMonths(-billing.UsageMonths), RetentionRun.BatchSize)
                        )
                        : Task.CompletedTask
            );
}
