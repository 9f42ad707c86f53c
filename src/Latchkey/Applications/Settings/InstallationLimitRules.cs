using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Settings;

/// <summary>Reads and sets the operator's limits. Changes apply on every node within a second.</summary>
public sealed class InstallationLimitRules(
    Database database,
    InstallationLimitStore store,
    ApplicationCache applications,
    InstallationLog log
)
{
    public Task<InstallationLimits> Read() => database.Read(store.Read);

    /// <summary>
    /// Sets the named limits, all or none; null removes what was set, 0 is no limit. 602 for an unknown type or name, or a negative number.
    /// </summary>
    public async Task<Result<Done>> Set(string type, IReadOnlyDictionary<string, int?> changes, Actor actor)
    {
        if (type is not (ApplicationType.Development or ApplicationType.Commercial))
        {
            return Setting.Invalid("type must be development or commercial.");
        }

        if (changes.Keys.FirstOrDefault(name => !TypeLimits.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return Setting.Invalid($"There is no limit {unknown}. The limits are: {string.Join(", ", TypeLimits.Names)}.");
        }

        if (changes.Values.Any(value => value < 0))
        {
            return Setting.Invalid("A limit is 0 (none) or more.");
        }

        var what =
            $"limits of {type} applications set to "
            + string.Join(", ", changes.Select(change => $"{change.Key}={TypeLimits.Format(change.Value)}"));
        await log.Write(
            InstallationEntry.By(actor, "setLimits", what),
            async db =>
            {
                var all = await store.ReadForUpdate(db);
                var next = changes.Aggregate(all.ForType(type), (limits, change) => limits.With(change.Key, change.Value));
                await store.Save(db, type == ApplicationType.Commercial ? all with { Commercial = next } : all with { Development = next });
            }
        );
        applications.InvalidateAll();
        return default(Done);
    }
}
