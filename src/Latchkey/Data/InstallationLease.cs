using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Latchkey.Data;

/// <summary>Work that one node does at a time: a row of the table installation says until when it is taken.</summary>
public static class InstallationLease
{
    /// <summary>Takes the work until a time; false when another node has taken it.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="until">Unix milliseconds.</param>
    public static async Task<bool> TryTake(DbConnection db, string name, long now, long until) =>
        await db.ExecuteAsync(
            """
            INSERT INTO installation (name, value) VALUES (@name, @until)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(installation.value AS BIGINT) <= @now
            """,
            new
            {
                name,
                until = until.ToString(CultureInfo.InvariantCulture),
                now,
            }
        ) == 1;
}
