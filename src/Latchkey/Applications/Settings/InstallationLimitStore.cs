using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Applications.Settings;

/// <summary>The operator's limits for applications, in the table installation.</summary>
public sealed class InstallationLimitStore(Dialect dialect, UserQuotaStore places)
{
    private const string Name = "type_limits";

    public async Task<InstallationLimits> Read(DbConnection db) =>
        InstallationLimits.Read(
            await db.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = @Name", new { Name })
        );

    /// <summary>Reads the row with a lock, creating it if needed; it contains both types.</summary>
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

    /// <summary>Saves the row locked by <see cref="ReadForUpdate"/>.</summary>
    public async Task Save(DbConnection db, InstallationLimits limits)
    {
        await db.ExecuteAsync("UPDATE installation SET value = @value WHERE name = @Name", new { Name, value = limits.Write() });
        await places.ResetAll(db); // they were counted for other limits
        await dialect.AnnounceChange(db, Dialect.AllApplications);
    }
}
