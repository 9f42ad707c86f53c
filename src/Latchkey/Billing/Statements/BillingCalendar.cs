using System.Data.Common;
using System.Globalization;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Data;

namespace Latchkey.Billing.Statements;

/// <summary>The last month that is closed and billed, and who works on it: rows of the table installation.</summary>
public sealed class BillingCalendar
{
    private const string Billed = "billing_billed_month";
    private const string Lease = "billing_leased_until";

    /// <summary>The last month that is closed, with its invoices drafted; null for none.</summary>
    public async Task<CalendarMonth?> LastBilled(DbConnection db) =>
        await db.QuerySingleOrDefaultAsync<int?>("SELECT CAST(value AS INTEGER) FROM installation WHERE name = @Billed", new { Billed })
            is { } month
            ? new CalendarMonth(month)
            : null;

    public Task SetBilled(DbConnection db, CalendarMonth month) =>
        db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@Billed, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value "
                + "WHERE CAST(installation.value AS INTEGER) < CAST(excluded.value AS INTEGER)",
            new { Billed, value = month.Number.ToString(CultureInfo.InvariantCulture) }
        );

    /// <summary>Leases the work until a time; false when another node has leased it.</summary>
    public Task<bool> TryLease(DbConnection db, long now, long until) => InstallationLease.TryTake(db, Lease, now, until);
}
