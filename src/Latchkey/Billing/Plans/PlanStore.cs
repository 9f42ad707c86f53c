using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;

namespace Latchkey.Billing.Plans;

/// <summary>The tables plans and plan_versions.</summary>
public sealed class PlanStore
{
    private const string Columns = "id, name, currency, created_at";
    private const string VersionColumns = "plan_id, month, terms, created_at";

    /// <summary>False when the name is taken.</summary>
    public async Task<bool> Insert(DbConnection db, Plan plan) =>
        await db.ExecuteAsync(
            "INSERT INTO plans (id, name, currency, created_at) VALUES (@Id, @Name, @Currency, @CreatedAt) ON CONFLICT (name) DO NOTHING",
            plan
        ) == 1;

    /// <summary>Sets the prices from a month on, in place of those that were to hold from the same month.</summary>
    public Task SetVersion(DbConnection db, PlanVersion version) =>
        db.ExecuteAsync(
            """
            INSERT INTO plan_versions (plan_id, month, terms, created_at) VALUES (@PlanId, @Month, @Terms, @CreatedAt)
            ON CONFLICT (plan_id, month) DO UPDATE SET terms = excluded.terms, created_at = excluded.created_at
            """,
            version
        );

    /// <summary>Finds a plan by id or name.</summary>
    public Task<Plan?> Find(DbConnection db, string idOrName) =>
        db.QueryFirstOrDefaultAsync<Plan>(
            $"SELECT {Columns} FROM plans WHERE id = @idOrName OR name = @idOrName ORDER BY CASE WHEN id = @idOrName THEN 0 ELSE 1 END",
            new { idOrName }
        );

    public async Task<IReadOnlyList<Plan>> All(DbConnection db) =>
        [.. await db.QueryAsync<Plan>($"SELECT {Columns} FROM plans ORDER BY name")];

    /// <summary>The prices that hold in a month; null before the plan's first.</summary>
    public Task<PlanVersion?> VersionOf(DbConnection db, string planId, CalendarMonth month) =>
        db.QueryFirstOrDefaultAsync<PlanVersion>(
            $"SELECT {VersionColumns} FROM plan_versions WHERE plan_id = @planId AND month <= @Number ORDER BY month DESC LIMIT 1",
            new { planId, month.Number }
        );

    /// <summary>All versions, oldest first.</summary>
    public async Task<IReadOnlyList<PlanVersion>> Versions(DbConnection db, string planId) =>
        [
            .. await db.QueryAsync<PlanVersion>(
                $"SELECT {VersionColumns} FROM plan_versions WHERE plan_id = @planId ORDER BY month",
                new { planId }
            ),
        ];
}
