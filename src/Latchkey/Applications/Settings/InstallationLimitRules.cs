using System.Data.Common;
using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Settings;

/// <summary>The operator's bounds for applications, in the table installation.</summary>
public sealed class InstallationLimitStore(Dialect dialect, UserQuotaStore places)
{
    private const string Name = "type_limits";

    public async Task<InstallationLimits> Read(DbConnection db) =>
        InstallationLimits.Read(await db.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = @Name", new { Name }));

    /// <summary>The row, which is made when it is not there, is held until the transaction ends: both types stand in it.</summary>
    public async Task<InstallationLimits> ReadForUpdate(DbConnection db)
    {
        await db.ExecuteAsync("INSERT INTO installation (name, value) VALUES (@Name, @none) ON CONFLICT (name) DO NOTHING", new { Name, none = new InstallationLimits().Write() });
        return InstallationLimits.Read(await db.QuerySingleAsync<string>($"SELECT value FROM installation WHERE name = @Name {dialect.ForUpdate}", new { Name }));
    }

    /// <summary>Of the row that <see cref="ReadForUpdate"/> holds.</summary>
    public async Task Save(DbConnection db, InstallationLimits limits)
    {
        await db.ExecuteAsync("UPDATE installation SET value = @value WHERE name = @Name", new { Name, value = limits.Write() });
        await places.ResetAll(db); // counted for other bounds
        await dialect.AnnounceChange(db, Dialect.AllApplications);
    }
}

/// <summary>Reading and setting the bounds. They count on every node within a second.</summary>
public sealed class InstallationLimitRules(Database database, InstallationLimitStore store, ApplicationCache directory, InstallationLog log)
{
    public Task<InstallationLimits> Read() => database.Read(store.Read);

    /// <summary>Sets what is named, all or nothing; 602 for another type, another name or a negative number.</summary>
    public async Task<Result<Done>> Set(string type, IReadOnlyDictionary<string, int> changes, Actor actor)
    {
        if (type is not (ApplicationType.Development or ApplicationType.Commercial))
        {
            return Setting.Invalid("type is development or commercial.");
        }

        if (changes.Keys.FirstOrDefault(name => !TypeLimits.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return Setting.Invalid($"There is no limit {unknown}. The limits are: {string.Join(", ", TypeLimits.Names)}.");
        }

        if (changes.Values.Any(most => most < 0))
        {
            return Setting.Invalid("A limit is 0 (none) or more.");
        }

        await database.Write(async db =>
        {
            var all = await store.ReadForUpdate(db);
            var next = changes.Aggregate(all.ForType(type), (limits, change) => limits.With(change.Key, change.Value));
            await store.Save(db, type == ApplicationType.Commercial ? all with { Commercial = next } : all with { Development = next });
        });
        directory.InvalidateAll();
        log.LogAction($"limits of {type} applications set to {string.Join(", ", changes.Select(change => $"{change.Key}={change.Value}"))}", actor);
        return default(Done);
    }
}
