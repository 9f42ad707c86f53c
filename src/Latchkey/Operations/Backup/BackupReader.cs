using System.Data.Common;
using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>Restores a backup into an empty database of either engine, in one transaction.</summary>
public sealed class BackupReader(InstallationSettings installation, TimeProvider clock)
{
    /// <exception cref="RestoreException">The database is not empty, the key ring is a different one, or the backup is newer than this
    /// program.</exception>
    /// <exception cref="InvalidDataException">The file is not a complete backup.</exception>
    public async Task<BackupManifest> Restore(string file, Action<string, long> progress)
    {
        await using var zip = await ZipFile.OpenReadAsync(file);
        var manifest = await ReadManifest(zip);
        var folder = new KeyFolder(installation.KeyRingFolder, installation.KeysPassphrase);
        RestoreKeys(zip, folder);
        var ring = KeyRing.Open(folder, clock);
        await using var database = Database.Open(installation.DatabaseConnection);
        await PrepareSchema(database, manifest);
        await database.Write(db => CopyTables(db, database.Dialect, zip, manifest, ring, progress));
        await new Migrator(database).Run();
        return manifest;
    }

    private static async Task<BackupManifest> ReadManifest(ZipArchive zip)
    {
        var entry = zip.GetEntry(BackupManifest.ManifestEntry) ?? throw new InvalidDataException("the file is not a Latchkey backup");
        await using var stream = await entry.OpenAsync();
        var manifest = BackupManifest.Read(stream);
        return manifest.Format <= BackupManifest.CurrentFormat
            ? manifest
            : throw new RestoreException("A newer Latchkey wrote this backup. Restore it with that Latchkey.");
    }

    /// <summary>Restores the archive's keys if there are none. Existing keys stay, and must match.</summary>
    private static void RestoreKeys(ZipArchive zip, KeyFolder folder)
    {
        var keys = zip.Entries.Where(entry => entry.FullName.StartsWith(BackupManifest.KeysFolder, StringComparison.Ordinal)).ToList();
        if (folder.HasKeys)
        {
            return;
        }

        if (keys.Count == 0)
        {
            throw new RestoreException(
                $"The key ring is missing: {folder.Path} holds no keys, and the backup was made without them. Restore the keys "
                    + "first. Without them, the secrets in the backup cannot be decrypted."
            );
        }

        foreach (var key in keys)
        {
            using var text = new StreamReader(key.Open());
            folder.Restore(key.Name, text.ReadToEnd());
        }
    }

    private static async Task PrepareSchema(Database database, BackupManifest manifest)
    {
        var newest = Migrator.NewestVersion(database.Dialect.Name);
        if (manifest.Schema > newest)
        {
            throw new RestoreException(
                $"The backup has schema version {manifest.Schema}, and this Latchkey supports at most {newest}. Restore it with "
                    + "the newer Latchkey."
            );
        }

        var reached = await new Migrator(database).CurrentVersion();
        if (reached > manifest.Schema || (reached > 0 && await database.Read(HasData)))
        {
            throw new RestoreException("The database is not empty. Choose a new one with --database, or move the old one away.");
        }

        await new Migrator(database).Run(manifest.Schema);
    }

    private static async Task<bool> HasData(DbConnection db) =>
        await db.QuerySingleAsync<int>(
            "SELECT (SELECT COUNT(*) FROM installation) + (SELECT COUNT(*) FROM developers) + (SELECT COUNT(*) FROM applications)"
        ) > 0;

    // Reads the file synchronously: a write may await only its connection.
    private static async Task<bool> CopyTables(
        DbConnection db,
        Dialect dialect,
        ZipArchive zip,
        BackupManifest manifest,
        KeyRing ring,
        Action<string, long> progress
    )
    {
        var tables = LatchkeyTables.Filter(await dialect.Tables(db)).ToDictionary(table => table.Name, StringComparer.Ordinal);
        if (manifest.Rows.Keys.FirstOrDefault(name => !tables.ContainsKey(name)) is { } unknown)
        {
            throw new RestoreException(
                $"The backup holds a table {unknown}, which is not Latchkey's. Make the backup again with this Latchkey, which "
                    + "leaves out what others put into the database."
            );
        }

        var place = 0;
        foreach (var (name, rows) in manifest.Rows)
        {
            var entry =
                zip.GetEntry(BackupManifest.TableEntry(place++, name))
                ?? throw new InvalidDataException($"the backup lacks its table {name}");
            using var lines = new StreamReader(entry.Open());
            var table = WithColumnOrder(tables[name], lines.ReadLine());
            var copied = dialect.BulkCopy(db, table, Rows(lines, table));
            if (copied != rows)
            {
                throw new InvalidDataException($"the backup's table {name} has {copied} rows in place of {rows}");
            }

            progress(name, copied);
        }

        return await KeyCheckValue.Read(db) is not { } mark || KeyCheckValue.Matches(ring, mark)
            ? true
            : throw new RestoreException("The key ring does not belong to the backup. First put the backup's keys into its folder.");

        IEnumerable<object?[]> Rows(StreamReader lines, TableSchema table)
        {
            var columns = table.Columns;
            while (lines.ReadLine() is { } line)
            {
                using var row = JsonDocument.Parse(line);
                yield return [.. row.RootElement.EnumerateArray().Select((value, i) => BackupValue.Read(value, columns[i].Kind))];
            }
        }
    }

    /// <summary>The table with its columns in the archive's order.</summary>
    private static TableSchema WithColumnOrder(TableSchema table, string? header)
    {
        using var names = JsonDocument.Parse(header ?? "null");
        var columns = names
            .RootElement.EnumerateArray()
            .Select(name =>
                table.Columns.FirstOrDefault(column => column.Name == name.GetString())
                ?? throw new InvalidDataException($"the backup's table {table.Name} has a column {name} that is not known")
            )
            .ToList();
        return table with { Columns = columns };
    }
}
