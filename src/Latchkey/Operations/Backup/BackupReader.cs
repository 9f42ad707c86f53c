using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>
/// Restores a backup into an empty database of either engine. First the file is judged, all of it: who made it, and whether it is whole.
/// Then schema and rows are written in one transaction. The keys of the backup are written last, after the commit.
/// </summary>
public sealed class BackupReader(InstallationSettings installation, TimeProvider clock)
{
    private readonly KeyFolder folder = new(installation.KeyRingFolder, installation.KeysPassphrase);

    /// <param name="file">The backup.</param>
    /// <param name="trustsFile">Restores it also if no key proves who made it.</param>
    /// <param name="progress">Gets each table's name and rows.</param>
    /// <exception cref="RestoreException">The database is not empty, the file is not a whole backup, or not one of this installation.
    /// Nothing was restored.</exception>
    /// <exception cref="InvalidSettingException">The keys cannot be read, or their folder cannot be written.</exception>
    public async Task<RestoredBackup> Restore(string file, bool trustsFile, Action<string, long> progress)
    {
        using var archive = BackupArchive.Open(file);
        var (manifest, takesKeys) = (archive.Manifest, !folder.HasKeys);
        var ring = OpenRing(archive, takesKeys);
        var isProven = IsProven(archive, ring, takesKeys);
        if (!isProven && !trustsFile)
        {
            throw new RestoreException(Distrust(archive, ring));
        }

        RequireSchema(manifest);
        archive.Verify();
        if (takesKeys)
        {
            folder.RequireWritable();
        }

        await using var database = Database.Open(installation.DatabaseConnection);
        var migrator = new Migrator(database);
        var operators = await database.Write(async db =>
        {
            await RequireEmpty(db, database.Dialect, manifest);
            await migrator.RunWithin(db, manifest.Schema);
            await CopyTables(db, database.Dialect, archive, progress);
            await RequireKeysOf(db, ring);
            return await Operators(db);
        });
        RestoreKeys(takesKeys ? archive.Keys : new Dictionary<string, string>(StringComparer.Ordinal));
        await migrator.Run();
        return new RestoredBackup(manifest, isProven, operators);
    }

    /// <summary>The keys of the folder; of the archive if the folder has none.</summary>
    private KeyRing OpenRing(BackupArchive archive, bool takesKeys) =>
        !takesKeys ? KeyRing.Open(folder, clock)
        : archive.Keys.Count > 0
            ? KeyRing.FromKeys(archive.Keys.Select(key => folder.Parse(key.Key, key.Value, $"{key.Key}.key in the backup")), clock)
        : throw new RestoreException(
            $"The key ring is missing: {folder.Path} holds no keys, and the backup was made without them. Restore the keys "
                + "first. Without them, the secrets in the backup cannot be decrypted."
        );

    /// <summary>
    /// Whether somebody with this installation's keys or its passphrase made the backup as it is. Keys that come with the backup in the
    /// clear prove nothing, because whoever wrote the file could choose them.
    /// </summary>
    /// <exception cref="RestoreException">The backup was changed.</exception>
    private static bool IsProven(BackupArchive archive, KeyRing ring, bool takesKeys)
    {
        var isValid = archive.Manifest.IsSigned ? archive.Manifest.Verify(ring) : null;
        return isValid == false
            ? throw new RestoreException(
                "The signature of the backup is wrong: it was changed after it was made, or made with other keys. Nothing was restored."
            )
            : isValid == true && (!takesKeys || archive.Keys.Values.All(Passphrase.IsEncrypted));
    }

    private string Distrust(BackupArchive archive, KeyRing ring)
    {
        var why =
            !archive.Manifest.IsSigned ? "It is not signed, so anybody may have changed it."
            : archive.Manifest.Verify(ring) is null
                ? $"It is signed with the key {Strings.Printable(Strings.Truncate(archive.Manifest.Key, 20))} of another key ring, or of "
                    + $"another time, which {folder.Path} does not have. If the backup is yours, first put the keys of its time there."
            : "Its keys come with it and are not encrypted, so whoever can write the file may have made all of it.";
        return $"Nothing proves that this backup is yours. {why} If you know who made the file, and that nobody else could change it, "
            + "repeat the command with --trust-file. Nothing was restored.";
    }

    private void RequireSchema(BackupManifest manifest)
    {
        var engine = Database.EngineOf(installation.DatabaseConnection);
        var newest = Migrator.NewestVersion(engine);
        if (manifest.Schema < 1)
        {
            throw new RestoreException("The backup is damaged: its manifest has no schema version. Nothing was restored.");
        }

        if (manifest.Schema > newest)
        {
            throw new RestoreException(
                $"The backup has schema version {manifest.Schema}, and this Latchkey supports at most {newest}. Restore it with "
                    + "the newer Latchkey."
            );
        }

        if (
            LatchkeyTables.OfSchema(engine, manifest.Schema).Except(manifest.Rows.Keys, StringComparer.Ordinal).FirstOrDefault() is { } lost
        )
        {
            throw new RestoreException($"The backup is not whole: it lacks the table {lost}. Nothing was restored.");
        }
    }

    private static async Task RequireEmpty(DbConnection db, Dialect dialect, BackupManifest manifest)
    {
        var reached = await Migrator.CurrentVersion(db, dialect);
        if (reached > manifest.Schema || (reached > 0 && await HasData(db)))
        {
            throw new RestoreException("The database is not empty. Choose a new one with --database, or move the old one away.");
        }
    }

    private static async Task<bool> HasData(DbConnection db) =>
        await db.QuerySingleAsync<int>(
            "SELECT (SELECT COUNT(*) FROM installation) + (SELECT COUNT(*) FROM developers) + (SELECT COUNT(*) FROM applications)"
        ) > 0;

    // Reads the file synchronously: a write may await only its connection.
    private static async Task CopyTables(DbConnection db, Dialect dialect, BackupArchive archive, Action<string, long> progress)
    {
        var schemas = LatchkeyTables.Filter(await dialect.Tables(db)).ToDictionary(table => table.Name, StringComparer.Ordinal);
        foreach (var table in archive.Tables())
        {
            if (!schemas.TryGetValue(table.Name, out var schema))
            {
                throw new RestoreException($"The backup is damaged: its schema has no table {table.Name}. Nothing was restored.");
            }

            progress(table.Name, Copy(db, dialect, table, WithColumnsOf(schema, table)));
        }
    }

    private static long Copy(DbConnection db, Dialect dialect, BackupTable table, TableSchema schema)
    {
        try
        {
            return dialect.BulkCopy(
                db,
                schema,
                table.Rows().Select(row => row.Select((value, i) => BackupValue.Read(value, schema.Columns[i])).ToArray())
            );
        }
        catch (Exception e) when (e is OverflowException || (e is DbException && !dialect.IsUnavailable(e)))
        {
            throw new RestoreException(
                $"The backup is damaged: its table {table.Name} does not fit: {e.Message.Split('\n')[0]} Nothing was restored."
            );
        }
    }

    /// <summary>The table with its columns in the archive's order.</summary>
    private static TableSchema WithColumnsOf(TableSchema schema, BackupTable table) =>
        schema.Columns.Count == table.Columns.Count && table.Columns.All(name => schema.Columns.Any(column => column.Name == name))
            ? schema with
            {
                Columns = [.. table.Columns.Select(name => schema.Columns.First(column => column.Name == name))],
            }
            : throw new RestoreException(
                $"The backup is damaged: its table {table.Name} has other columns than its schema version. Nothing was restored."
            );

    private static async Task RequireKeysOf(DbConnection db, KeyRing ring)
    {
        if (await KeyCheckValue.Read(db) is not { } mark)
        {
            throw new RestoreException("The backup holds no installation. Nothing was restored.");
        }

        if (!KeyCheckValue.Matches(ring, mark))
        {
            throw new RestoreException(
                "The key ring does not belong to the backup. Use the keys of the installation that made it, which are in their own copy or "
                    + "in a backup made with --with-keys; for keys in a backup, choose an empty folder with --data. Nothing was restored."
            );
        }
    }

    private static async Task<IReadOnlyList<string>> Operators(DbConnection db) =>
        [.. await db.QueryAsync<string>("SELECT email FROM developers WHERE role = 'operator' ORDER BY email")];

    private void RestoreKeys(IReadOnlyDictionary<string, string> keys)
    {
        try
        {
            foreach (var (id, text) in keys)
            {
                folder.Restore(id, text);
            }
        }
        catch (InvalidSettingException e)
        {
            throw new RestoreException(
                $"The database is restored, but not its keys. Put the files in {BackupManifest.KeysFolder} of the backup into "
                    + $"{folder.Path}. {e.Message}"
            );
        }
    }
}
