using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Exports an application's users, oldest first, in a format that <see cref="UserImport"/> reads.</summary>
public sealed class UserExport(Database database, UserStore users, UserTransferStore store, AuditStore audit, KeyRing ring)
{
    public Task<long> Count(string appId) => database.Read(db => users.Count(db, appId));

    /// <summary>Writes all users and returns how many. Exports with hashes or secrets are logged with the actor.</summary>
    public async Task<long> Run(Application application, IUserWriter writer, ExportOptions options, Action<long> onProgress)
    {
        await database.Write(db =>
            audit.Add(
                db,
                new AuditEntry(application.Id, "exportUsers", "", options.Actor)
                {
                    Detail =
                        options.WithSecrets ? "with hashes and secrets"
                        : options.WithHashes ? "with hashes"
                        : "",
                }
            )
        );
        return await database.Read(async db =>
        {
            var count = 0L;
            await writer.Begin();
            await foreach (var exported in store.All(db, application.Id))
            {
                await writer.Write(
                    exported,
                    options.WithSecrets && exported.User.TotpSeedSealed is { } seed
                        ? Totp.ToBase32(ring.Open(GoogleTwoFactor.SeedEncryptionPurpose(exported.User.Id), seed))
                        : null
                );
                count++;
                if (count % 1000 == 0)
                {
                    onProgress(count);
                }
            }

            await writer.End();
            return count;
        });
    }
}
