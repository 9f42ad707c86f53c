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
        var what =
            options.WithSecrets ? "with hashes and secrets"
            : options.WithHashes ? "with hashes"
            : "";
        await Log(application.Id, what, options.Actor);
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

    /// <summary>Writes those of these users who have an address, a page of ids at a time, and logs what was taken.</summary>
    /// <param name="appId">The users' application. Ids of others are passed over.</param>
    /// <param name="pages">The users' ids.</param>
    /// <param name="format">Makes the writer of a stream.</param>
    /// <param name="output">Where the file goes; it is written to asynchronously only, as responses demand.</param>
    /// <param name="actor">Who takes the file, for the log.</param>
    /// <param name="what">The selection, for the log.</param>
    public async Task RunSelected(
        string appId,
        IAsyncEnumerable<IReadOnlyList<string>> pages,
        Func<Stream, IUserWriter> format,
        Stream output,
        Actor actor,
        string what
    )
    {
        await Log(appId, what, actor);
        using var buffer = new MemoryStream();
        using var writer = format(buffer);
        await writer.Begin();
        await foreach (var ids in pages)
        {
            foreach (var user in await database.Read(async db => await store.WithAddress(db, appId, [.. ids]).ToListAsync()))
            {
                await writer.Write(user, totpSeed: null);
            }

            await writer.End();
            buffer.Position = 0;
            await buffer.CopyToAsync(output);
            buffer.SetLength(0);
        }
    }

    private Task Log(string appId, string what, Actor actor) =>
        database.Write(db => audit.Add(db, new AuditEntry(appId, "exportUsers", "", actor) { Detail = what }));
}
