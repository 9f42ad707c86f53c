using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>Reads and changes an application's bucket.</summary>
public sealed class StorageSettingsRules(
    Database database,
    StorageSettingsStore store,
    ApplicationStore applications,
    StorageInputReader reader,
    KeyRing ring,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "changeStorage";

    /// <summary>Null while the application has no bucket.</summary>
    public Task<StorageSettings?> Find(string appId) => database.Read(db => store.Find(db, appId));

    /// <summary>The applications with a bucket.</summary>
    public Task<IReadOnlyList<string>> ListApplications() => database.Read(store.ListApplications);

    /// <summary>
    /// Stores the settings, all or none. Returns the errors by field, none if they are stored; under an empty name that the application is
    /// gone. A stored secret is kept only for the endpoint and key that it was typed for.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string>> Save(string appId, StorageInput input, Actor actor) =>
        database.Write<IReadOnlyDictionary<string, string>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is null)
            {
                return new Dictionary<string, string>(StringComparer.Ordinal) { [""] = ErrorCodes.AppNoLongerExists.Message };
            }

            var current = await store.Find(db, appId);
            var (typed, errors) = reader.Read(appId, input, current);
            if (errors.Count > 0)
            {
                return errors;
            }

            var next = typed with
            {
                SecretSealed =
                    input.Secret.Length > 0
                        ? ring.Encrypt(StorageSettings.SecretPurpose(appId), input.Secret)
                        : current?.SecretSealed ?? "",
                UpdatedAt = clock.Now(),
            };
            await store.Save(db, next);
            var detail = StorageChange.Describe(current ?? new StorageSettings(), next);
            await audit.Add(db, new AuditEntry(appId, Action, "", actor) { Detail = detail });
            return errors;
        });
}
