using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Applications.Settings;

/// <summary>The operator's bounds for applications, in the table installation.</summary>
public sealed class InstallationLimitStore(Dialect dialect, UserQuotaStore places)
{
    private const string Name = "type_limits";

    public async Task<InstallationLimits> Read(DbConnection db) =>
        InstallationLimits.Read(
            await db.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = @Name", new { Name })
        );

    /// <summary>The row, which is made when it is not there, is held until the transaction ends: both types stand in it.</summary>
    public async Task<InstallationLimits> ReadForUpdate(DbConnection db)
    {
        await db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@Name, @none) ON CONFLICT (name) DO NOTHING",
            new { Name, none = new InstallationLimits().Write() }
        );
        return InstallationLimits.Read(
            await db.QuerySingleAsync<string>($"SELECT value FROM installation WHERE name = @Name {dialect.ForUpdate}", new { Name })
        );
    }

    /// <summary>Of the row that <see cref="ReadForUpdate"/> holds.</summary>
    public async Task Save(DbConnection db, InstallationLimits limits)
    {
        await db.ExecuteAsync("UPDATE installation SET value = @value WHERE name = @Name", new { Name, value = limits.Write() });
        await places.ResetAll(db); // counted for other bounds
        await dialect.AnnounceChange(db, Dialect.AllApplications);
    }
}
