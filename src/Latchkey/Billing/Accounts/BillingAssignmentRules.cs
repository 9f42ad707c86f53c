using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Plans;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Accounts;

/// <summary>Says which account pays for an application, and by which plan.</summary>
public sealed class BillingAssignmentRules(
    Database database,
    BillingAccountStore accounts,
    BillingAssignmentStore store,
    PlanStore plans,
    ApplicationStore applications,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// Lets an account pay for an application by a plan: the first time from this month, later from the next. 602 when the currencies
    /// differ.
    /// </summary>
    public Task<Result<Done>> Assign(string accountId, string appId, string planIdOrName, Actor actor) =>
        database.Write<Result<Done>>(async db =>
        {
            if (!Field.IsStorable(appId) || await applications.FindForUpdate(db, appId) is not { } app)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if (!Field.IsStorable(accountId) || await accounts.Find(db, accountId) is not { } account)
            {
                return BillingAccountRules.NoSuchAccount;
            }

            if (!Field.IsStorable(planIdOrName) || await plans.Find(db, planIdOrName) is not { } plan)
            {
                return PlanRules.NoSuchPlan;
            }

            if (plan.Currency != account.Currency)
            {
                return Setting.Invalid($"The plan is in {plan.Currency}, and the account in {account.Currency}. They must be the same.");
            }

            var month = CalendarMonth.Of(clock.Now());
            var isFirst = await store.AssignmentOf(db, appId, month) is null;
            await store.Assign(
                db,
                new BillingAssignment
                {
                    AppId = app.Id,
                    Month = (isFirst ? month : month.Next).Number,
                    AccountId = account.Id,
                    PlanId = plan.Id,
                }
            );
            await audit.Add(
                db,
                new AuditEntry(app.Id, "assignPlan", "", actor)
                {
                    Detail = $"plan {plan.Name}, billing account {account.Id}, from {(isFirst ? month : month.Next)}",
                }
            );
            return default(Done);
        });
}
