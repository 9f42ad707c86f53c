using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;

namespace Latchkey.Billing.Accounts;

/// <summary>The table billing_assignments.</summary>
public sealed class BillingAssignmentStore
{
    private const string Effective =
        "NOT EXISTS (SELECT 1 FROM billing_assignments n WHERE n.app_id = b.app_id AND n.month <= @Number AND n.month > b.month)";

    public Task Assign(DbConnection db, BillingAssignment assignment) =>
        db.ExecuteAsync(
            """
            INSERT INTO billing_assignments (app_id, month, account_id, plan_id) VALUES (@AppId, @Month, @AccountId, @PlanId)
            ON CONFLICT (app_id, month) DO UPDATE SET account_id = excluded.account_id, plan_id = excluded.plan_id
            """,
            assignment
        );

    /// <summary>Who pays for an application in a month; null for nobody.</summary>
    public Task<BillingAssignment?> AssignmentOf(DbConnection db, string appId, CalendarMonth month) =>
        db.QueryFirstOrDefaultAsync<BillingAssignment>(
            "SELECT app_id, month, account_id, plan_id FROM billing_assignments WHERE app_id = @appId AND month <= @Number "
                + "ORDER BY month DESC LIMIT 1",
            new { appId, month.Number }
        );

    /// <summary>The applications that an account pays for in a month.</summary>
    public async Task<IReadOnlyList<BillingAssignment>> AssignmentsOf(DbConnection db, string accountId, CalendarMonth month) =>
        [
            .. await db.QueryAsync<BillingAssignment>(
                "SELECT b.app_id, b.month, b.account_id, b.plan_id FROM billing_assignments b "
                    + $"WHERE b.account_id = @accountId AND b.month <= @Number AND {Effective} ORDER BY b.app_id",
                new { accountId, month.Number }
            ),
        ];

    /// <summary>Up to <paramref name="limit"/> assignments of a month that have no statement of it yet, by App Id.</summary>
    /// <param name="after">The last App Id of the batch before.</param>
    public async Task<IReadOnlyList<BillingAssignment>> ListWithoutStatement(
        DbConnection db,
        CalendarMonth month,
        string after,
        int limit
    ) =>
        [
            .. await db.QueryAsync<BillingAssignment>(
                $"""
                SELECT b.app_id, b.month, b.account_id, b.plan_id FROM billing_assignments b
                WHERE b.app_id > @after AND b.month <= @Number AND {Effective}
                  AND NOT EXISTS (SELECT 1 FROM statements t WHERE t.app_id = b.app_id AND t.month = @Number)
                ORDER BY b.app_id LIMIT @limit
                """,
                new
                {
                    month.Number,
                    after,
                    limit,
                }
            ),
        ];

    /// <summary>The first month in which somebody pays for an application; null for none.</summary>
    public async Task<CalendarMonth?> FirstMonth(DbConnection db) =>
        await db.QuerySingleAsync<int?>("SELECT MIN(month) FROM billing_assignments") is { } month ? new CalendarMonth(month) : null;
}
