using System.Data.Common;
using System.Numerics;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Plans;
using Latchkey.Data;

namespace Latchkey.Billing.Statements;

/// <summary>What an account's applications cost so far this month, and what the month will cost if it goes on like this.</summary>
public sealed class BillingReport(
    Database database,
    BillingAssignmentStore assignments,
    PlanStore plans,
    StatementStore statements,
    ApplicationStore applications,
    MonthClosing closing,
    MeterReadings metering,
    TimeProvider clock
)
{
    private const int Months = 12;

    /// <summary>This month, for each application of the account.</summary>
    public async Task<IReadOnlyList<ApplicationCosts>> ThisMonth(BillingAccount account)
    {
        var (now, costs) = (clock.Now(), new List<ApplicationCosts>());
        var month = CalendarMonth.Of(now);
        foreach (var assignment in await database.Read(db => assignments.AssignmentsOf(db, account.Id, month)))
        {
            var one = await database.Read(db => Read(db, assignment, month, now));
            if (!one.SoFar.Reading.IsDeleted)
            {
                costs.Add(one);
            }
        }

        return costs;
    }

    /// <summary>The sum of this month so far, before tax.</summary>
    public async Task<Money> Total(BillingAccount account, CalendarMonth month)
    {
        var (currency, now) = (Currency.FromStored(account.Currency), clock.Now());
        var sum = Money.Zero(currency);
        foreach (var assignment in await database.Read(db => assignments.AssignmentsOf(db, account.Id, month)))
        {
            sum += new Money((await database.Read(db => closing.Compute(db, assignment, month, now))).Net, currency);
        }

        return sum;
    }

    /// <summary>The amounts of the last twelve closed months before tax, oldest first; months without a statement are 0.</summary>
    public async Task<IReadOnlyList<(CalendarMonth Month, Money Net)>> LastMonths(BillingAccount account)
    {
        var (currency, first) = (Currency.FromStored(account.Currency), CalendarMonth.Of(clock.Now()).AddMonths(-Months));
        var sums = (await database.Read(db => statements.NetByMonth(db, account.Id, first))).ToDictionary(sum => sum.Month, sum => sum.Net);
        return
        [
            .. Enumerable
                .Range(0, Months)
                .Select(i => first.AddMonths(i))
                .Select(month => (month, new Money(sums.GetValueOrDefault(month.Number), currency))),
        ];
    }

    private async Task<ApplicationCosts> Read(DbConnection db, BillingAssignment assignment, CalendarMonth month, long now)
    {
        var soFar = await closing.Compute(db, assignment, month, now);
        var states = await metering.States(db, assignment.AppId, now);
        var isCharged = states is [.., { Type: ApplicationType.Commercial, Status: ApplicationStatus.Active }];
        var version =
            await plans.VersionOf(db, assignment.PlanId, month)
            ?? throw new InvalidOperationException($"the plan {assignment.PlanId} has no prices in {month}");
        return new ApplicationCosts(
            (await applications.Find(db, assignment.AppId))?.Name ?? soFar.Reading.Name,
            soFar,
            isCharged ? Statement.Compute(GoOn(soFar.Reading, now), assignment, soFar.Currency, version) : soFar
        );
    }

    /// <summary>The reading of the whole month, if the application stays active and is used as in the part that has passed.</summary>
    private static UsageReading GoOn(UsageReading reading, long now)
    {
        var charged = reading.ChargedMilliseconds + Math.Max(0, reading.Month.End - now);
        BigInteger Scale(BigInteger used) => reading.ChargedMilliseconds == 0 ? used : used * charged / reading.ChargedMilliseconds;
        return reading with
        {
            ChargedMilliseconds = charged,
            ActiveUsers = (long)Scale(reading.ActiveUsers),
            Mails = (long)Scale(reading.Mails),
            Sms = (long)Scale(reading.Sms),
            ByteMilliseconds = Scale(reading.ByteMilliseconds),
        };
    }
}
