using System.Numerics;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Statements;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Collection;

/// <summary>
/// The monthly budget of an account, before tax: mails at 50, 80 and 100 percent. On request, its active commercial applications become
/// inactive at 100 percent; a developer activates them again.
/// </summary>
public sealed class Budgets(
    Database database,
    BillingAccountRules rules,
    BillingAccountStore store,
    BillingAssignmentStore assignments,
    BillingReport report,
    ApplicationRules applications,
    BillingMailer mailer,
    TimeProvider clock
)
{
    private static readonly int[] Steps = [50, 80, 100];
    private static readonly ChangeContext Billing = new(new Actor(SuspendedApplicationStore.Actor, ""), Role.Operator);

    /// <summary>Sets or removes the budget.</summary>
    /// <param name="amount">As text, such as 250.00; empty for none.</param>
    /// <param name="stops">Applications become inactive at 100 percent.</param>
    public async Task<Result<BillingAccount>> Set(string accountId, string amount, bool stops, Actor actor)
    {
        if ((await rules.Find(accountId)).Failed(out var account, out var unknown))
        {
            return unknown;
        }

        long? budget = null;
        if (amount.Trim().Length > 0)
        {
            if (Money.Parse(amount, Currency.FromStored(account.Currency)).Failed(out var money, out var refused))
            {
                return refused;
            }

            if (money.MinorUnits <= 0)
            {
                return Setting.Invalid("A budget is more than 0. Leave it empty for none.");
            }

            budget = money.MinorUnits;
        }

        return await rules.Change(
            accountId,
            now =>
                now with
                {
                    Budget = budget,
                    BudgetStops = budget is not null && stops,
                    BudgetPercent = now.Budget == budget && (now.BudgetStops || !stops) ? now.BudgetPercent : 0,
                },
            actor
        );
    }

    /// <summary>The ids of the accounts that have a budget.</summary>
    public async Task<IReadOnlyList<string>> ListAccounts() =>
        [.. (await rules.List()).Where(account => account.Budget is not null).Select(account => account.Id)];

    /// <summary>Sends an account's mail if one is due, and stops its applications if they are to be stopped.</summary>
    public async Task Check(string accountId)
    {
        if (await database.Read(db => store.Find(db, accountId)) is { Budget: { } budget } account)
        {
            await Check(account, budget);
        }
    }

    private async Task Check(BillingAccount account, long budget)
    {
        var month = CalendarMonth.Of(clock.Now());
        var used = await report.Total(account, month);
        var percent = (int)BigInteger.Min((BigInteger)used.MinorUnits * 100 / budget, int.MaxValue);
        var step = Steps.LastOrDefault(step => step <= percent);
        if (step == 0 || (account.BudgetMonth == month.Number && account.BudgetPercent >= step))
        {
            return;
        }

        if (step == Steps[^1] && account.BudgetStops)
        {
            await Stop(account, month, budget);
        }

        await database.Write(async db =>
        {
            if (
                await store.FindForUpdate(db, account.Id) is { } now
                && now.Budget == budget
                && (now.BudgetMonth != month.Number || now.BudgetPercent < step)
            )
            {
                await store.Update(db, now with { BudgetMonth = month.Number, BudgetPercent = step });
                await mailer.BudgetReached(db, now, new Money(budget, Currency.FromStored(now.Currency)), step);
            }
        });
    }

    private async Task Stop(BillingAccount account, CalendarMonth month, long budget)
    {
        var reason = $"The monthly budget of {new Money(budget, Currency.FromStored(account.Currency))} is used up.";
        foreach (var assignment in await database.Read(db => assignments.AssignmentsOf(db, account.Id, month)))
        {
            if (await applications.Find(assignment.AppId) is { Type: ApplicationType.Commercial, Status: ApplicationStatus.Active } app)
            {
                await applications.SetStatus(app.Id, ApplicationStatus.Inactive, reason, Billing);
            }
        }
    }
}
