using System.Data.Common;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>Writes a consistent snapshot of the whole database while the server runs, and signs it with the key ring.</summary>
public sealed class BackupWriter(Database database, KeyFolder folder, TimeProvider clock)
{
    /// <summary>Writes a draft next to the file and renames it when it is complete.</summary>
    /// <param name="file">Must not exist.</param>
    /// <param name="withKeys">Includes the key ring: unless a passphrase encrypts it, the file alone then reveals every secret.</param>
    /// <param name="progress">Gets each table's name and rows.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    /// <exception cref="WrongKeyRingException">The key ring is missing or does not belong to the database.</exception>
    /// <exception cref="InstallationUnavailableException">The database is not a whole installation.</exception>
    public async Task<BackupManifest> Write(string file, bool withKeys, Action<string, long> progress)
    {
        using var output = OutputFile.Create(file, overwrite: false);
        BackupManifest manifest;
        using (var zip = new ZipArchive(output.Content, ZipArchiveMode.Create, leaveOpen: true))
        {
            var digests = new Dictionary<string, string>(StringComparer.Ordinal);
            var (written, ring) = await database.Read(db => WriteSnapshot(db, zip, digests, progress));
            if (withKeys)
            {
                AddKeys(zip, ring, digests);
            }

            manifest = (written with { Digests = digests }).Sign(ring);
            AddText(zip, BackupManifest.ManifestEntry, manifest.Write());
        }

        output.Publish();
        return manifest;
    }

    private async Task<(BackupManifest Manifest, KeyRing Ring)> WriteSnapshot(
        DbConnection db,
        ZipArchive zip,
        Dictionary<string, string> digests,
        Action<string, long> progress
    )
    {
        var dialect = database.Dialect;
        await dialect.BeginSnapshot(db);
        try
        {
            var schema = await Migrator.CurrentVersion(db, dialect); // from the same snapshot as the rows
            var tables = LatchkeyTables.Filter(await dialect.Tables(db));
            RequireWhole(schema, tables);
            var ring = await OpenRing(db);
            var rows = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var place = 0; place < tables.Count; place++)
            {
                var (name, entry) = (tables[place].Name, BackupManifest.TableEntry(place, tables[place].Name));
                (rows[name], digests[entry]) = await WriteTable(db, tables[place], zip, entry);
                progress(name, rows[name]);
            }

            var manifest = new BackupManifest
            {
                Latchkey = BuildVersion.Text,
                Schema = schema,
                Engine = await dialect.EngineVersion(db),
                CreatedAt = WireDate.Format(clock.Now()),
                Rows = rows,
            };
            return (manifest, ring);
        }
        finally
        {
            await using var end = db.CreateCommand();
            end.CommandText = "ROLLBACK";
            await end.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A backup of a part would look like one of everything, and nobody would notice before it is needed.</summary>
    private void RequireWhole(int schema, IReadOnlyList<TableSchema> tables)
    {
        var newest = Migrator.NewestVersion(database.Dialect.Name);
        if (schema > newest)
        {
            throw new SchemaTooNewException(schema, newest);
        }

        var missing = LatchkeyTables
            .OfSchema(database.Dialect.Name, schema)
            .Except(tables.Select(table => table.Name), StringComparer.Ordinal);
        if (missing.ToList() is [var first, ..] all)
        {
            throw InstallationUnavailableException.Incomplete(first, all.Count);
        }
    }

    private async Task<KeyRing> OpenRing(DbConnection db)
    {
        var mark = await KeyCheckValue.Read(db) ?? throw InstallationUnavailableException.Empty();
        return folder.HasKeys && KeyRing.Open(folder, clock) is var ring && KeyCheckValue.Matches(ring, mark)
            ? ring
            : throw new WrongKeyRingException();
    }

    private static async Task<(long Rows, string Digest)> WriteTable(DbConnection db, TableSchema table, ZipArchive zip, string entry)
    {
        await using var select = db.CreateCommand();
        select.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))} FROM {table.Name}";
        await using var reader = await select.ExecuteReaderAsync();
        using var hash = SHA256.Create();
        var rows = 0L;
        await using (var stream = await zip.CreateEntry(entry, CompressionLevel.Fastest).OpenAsync())
        await using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write))
        await using (var buffered = new BufferedStream(hashed, 1 << 16))
        await using (var json = new Utf8JsonWriter(buffered, new JsonWriterOptions { SkipValidation = true }))
        {
            WriteLine(json, buffered, () => table.Columns.ToList().ForEach(column => json.WriteStringValue(column.Name)));
            while (await reader.ReadAsync())
            {
                WriteLine(
                    json,
                    buffered,
                    () =>
                    {
                        for (var i = 0; i < table.Columns.Count; i++)
                        {
                            BackupValue.Write(json, reader.GetValue(i), table.Columns[i].Kind);
                        }
                    }
                );
                rows++;
            }
        }

        return (rows, Convert.ToBase64String(hash.Hash ?? []));
    }

    private static void WriteLine(Utf8JsonWriter json, Stream stream, Action values)
    {
        json.WriteStartArray();
        values();
        json.WriteEndArray();
        json.Flush();
        if (json.BytesCommitted > BackupTable.MaxRowBytes)
        {
            throw new IOException(
                $"A row is longer than {BackupTable.MaxRowBytes >> 20} MiB, and could not be restored. Nothing was written."
            );
        }

        json.Reset();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The key files as they are, encrypted if a passphrase encrypts them.</summary>
    private void AddKeys(ZipArchive zip, KeyRing ring, Dictionary<string, string> digests)
    {
        if (ring.Keys.Count > BackupManifest.MaxKeys)
        {
            throw new InvalidSettingException(
                $"The key ring has {ring.Keys.Count} keys, and a backup holds at most {BackupManifest.MaxKeys}. Remove keys that nothing "
                    + "needs any more (latchkey keyring list), or leave out --with-keys and copy their folder."
            );
        }

        foreach (var id in ring.Keys.Select(key => key.Id).Order(StringComparer.Ordinal))
        {
            var text = folder.Text(id);
            AddText(zip, BackupManifest.KeyEntry(id), text);
            digests[BackupManifest.KeyEntry(id)] = BackupArchive.Digest(text);
        }
    }

    private static void AddText(ZipArchive zip, string entry, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
        writer.Write(text);
    }
}
