using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Billing.Accounts;

/// <summary>The tables billing_accounts and billing_account_developers.</summary>
public sealed class BillingAccountStore(Dialect dialect)
{
    private const string Columns =
        "id, name, address, tax_id, email, language, currency, budget, budget_stops, budget_month, budget_percent, created_at";

    public Task Insert(DbConnection db, BillingAccount account) =>
        db.ExecuteAsync(
            """
            INSERT INTO billing_accounts (id, name, address, tax_id, email, language, currency, created_at)
            VALUES (@Id, @Name, @Address, @TaxId, @Email, @Language, @Currency, @CreatedAt)
            """,
            account
        );

    public Task Update(DbConnection db, BillingAccount account) =>
        db.ExecuteAsync(
            """
            UPDATE billing_accounts SET name = @Name, address = @Address, tax_id = @TaxId, email = @Email, language = @Language,
              budget = @Budget, budget_stops = @BudgetStops, budget_month = @BudgetMonth, budget_percent = @BudgetPercent
            WHERE id = @Id
            """,
            account
        );

    public Task<BillingAccount?> Find(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<BillingAccount>($"SELECT {Columns} FROM billing_accounts WHERE id = @id", new { id });

    public Task<BillingAccount?> FindForUpdate(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<BillingAccount>(
            $"SELECT {Columns} FROM billing_accounts WHERE id = @id {dialect.ForUpdate}",
            new { id }
        );

    public async Task<IReadOnlyList<BillingAccount>> All(DbConnection db) =>
        [.. await db.QueryAsync<BillingAccount>($"SELECT {Columns} FROM billing_accounts ORDER BY name, id")];

    /// <summary>The accounts whose bills a developer may see.</summary>
    public async Task<IReadOnlyList<BillingAccount>> ListByDeveloper(DbConnection db, string developerId) =>
        [
            .. await db.QueryAsync<BillingAccount>(
                $"SELECT {Columns} FROM billing_accounts WHERE id IN (SELECT account_id FROM billing_account_developers WHERE "
                    + "developer_id = @developerId) ORDER BY name, id",
                new { developerId }
            ),
        ];

    public async Task<bool> IsDeveloper(DbConnection db, string accountId, string developerId) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM billing_account_developers WHERE account_id = @accountId AND developer_id = @developerId",
            new { accountId, developerId }
        )
            is not null;

    public async Task<IReadOnlyList<string>> DeveloperEmails(DbConnection db, string accountId) =>
        [
            .. await db.QueryAsync<string>(
                "SELECT d.email FROM billing_account_developers b JOIN developers d ON d.id = b.developer_id "
                    + "WHERE b.account_id = @accountId ORDER BY d.email",
                new { accountId }
            ),
        ];

    /// <summary>Adds the developer of an address; false when no account of the portal has it.</summary>
    public async Task<bool> AddDeveloper(DbConnection db, string accountId, string emailKey)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO billing_account_developers (account_id, developer_id) SELECT @accountId, id FROM developers
            WHERE email_key = @emailKey ON CONFLICT (account_id, developer_id) DO NOTHING
            """,
            new { accountId, emailKey }
        );
        return await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM billing_account_developers b JOIN developers d ON d.id = b.developer_id "
                + "WHERE b.account_id = @accountId AND d.email_key = @emailKey",
            new { accountId, emailKey }
        )
            is not null;
    }

    /// <summary>False when the developer did not belong to the account.</summary>
    public async Task<bool> RemoveDeveloper(DbConnection db, string accountId, string emailKey) =>
        await db.ExecuteAsync(
            "DELETE FROM billing_account_developers WHERE account_id = @accountId AND developer_id IN (SELECT id FROM developers "
                + "WHERE email_key = @emailKey)",
            new { accountId, emailKey }
        ) == 1;
}
