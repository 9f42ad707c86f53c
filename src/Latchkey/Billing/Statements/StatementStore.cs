using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;

namespace Latchkey.Billing.Statements;

/// <summary>The table statements: the closed months of applications. A statement never changes.</summary>
public sealed class StatementStore
{
    private const string Columns = "app_id, month, account_id, name, currency, tax_rate, net, document, closed_at";

    /// <summary>Inserts the statement; one that is there already stays, because another node was faster.</summary>
    public Task Insert(DbConnection db, StatementRow row) =>
        db.ExecuteAsync(
            """
            INSERT INTO statements (app_id, month, account_id, name, currency, tax_rate, net, document, closed_at)
            VALUES (@AppId, @Month, @AccountId, @Name, @Currency, @TaxRate, @Net, @Document, @ClosedAt)
            ON CONFLICT (app_id, month) DO NOTHING
            """,
            row
        );

    public Task<StatementRow?> Find(DbConnection db, string appId, CalendarMonth month) =>
        db.QuerySingleOrDefaultAsync<StatementRow>(
            $"SELECT {Columns} FROM statements WHERE app_id = @appId AND month = @Number",
            new { appId, month.Number }
        );

    /// <summary>An account's statements of a month, by the application's name.</summary>
    public async Task<IReadOnlyList<StatementRow>> ListByAccount(DbConnection db, string accountId, CalendarMonth month) =>
        [
            .. await db.QueryAsync<StatementRow>(
                $"SELECT {Columns} FROM statements WHERE account_id = @accountId AND month = @Number ORDER BY name, app_id",
                new { accountId, month.Number }
            ),
        ];

    /// <summary>An account's amounts before tax by month, in minor units, since a month.</summary>
    public async Task<IReadOnlyList<(int Month, long Net)>> NetByMonth(DbConnection db, string accountId, CalendarMonth since) =>
        [
            .. await db.QueryAsync<(int Month, long Net)>(
                "SELECT month, CAST(SUM(net) AS BIGINT) FROM statements WHERE account_id = @accountId AND month >= @Number "
                    + "GROUP BY month ORDER BY month",
                new { accountId, since.Number }
            ),
        ];
}
