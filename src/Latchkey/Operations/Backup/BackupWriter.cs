using System.Data.Common;
using System.IO.Compression;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>Writes a consistent snapshot of the whole database while the server runs.</summary>
public sealed class BackupWriter(Database database, InstallationSettings installation, TimeProvider clock)
{
    /// <summary>Writes a draft next to the file and renames it when it is complete.</summary>
    /// <param name="file">Must not exist.</param>
    /// <param name="withKeys">Includes the key ring: the file alone then reveals every secret.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public async Task<BackupManifest> Write(string file, bool withKeys, Action<string, long> progress)
    {
        if (File.Exists(file))
        {
            throw new IOException($"{file} already exists. Nothing was written.");
        }

        var draft = $"{file}.{Path.GetRandomFileName()}.part"; // unique: another backup to the same file may be running
        try
        {
            BackupManifest manifest;
            await using (var stream = new FileStream(draft, OwnerOnly()))
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            {
                manifest = await database.Read(db => Write(db, zip, progress));
                if (withKeys)
                {
                    AddKeys(zip);
                }

                await using var entry = await zip.CreateEntry(BackupManifest.ManifestEntry).OpenAsync();
                await using var text = new StreamWriter(entry);
                await text.WriteAsync(manifest.Write());
            }

            AtomicFile.Publish(draft, file, overwrite: false);
            return manifest;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private async Task<BackupManifest> Write(DbConnection db, ZipArchive zip, Action<string, long> progress)
    {
        var dialect = database.Dialect;
        await dialect.BeginSnapshot(db);
        try
        {
            var tables = LatchkeyTables.Filter(await dialect.Tables(db));
            var rows = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var place = 0; place < tables.Count; place++)
            {
                await using var entry = await zip.CreateEntry(
                        BackupManifest.TableEntry(place, tables[place].Name),
                        CompressionLevel.Fastest
                    )
                    .OpenAsync();
                rows[tables[place].Name] = await WriteTable(db, tables[place], entry);
                progress(tables[place].Name, rows[tables[place].Name]);
            }

            return new()
            {
                Latchkey = BuildVersion.Text,
                Schema = await Migrator.ReadVersion(db), // from the same snapshot as the rows
                Engine = await dialect.EngineVersion(db),
                CreatedAt = WireDate.Format(clock.Now()),
                Rows = rows,
            };
        }
        finally
        {
            await using var end = db.CreateCommand();
            end.CommandText = "ROLLBACK";
            await end.ExecuteNonQueryAsync();
        }
    }

    private static async Task<long> WriteTable(DbConnection db, TableSchema table, Stream entry)
    {
        await using var select = db.CreateCommand();
        select.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))} FROM {table.Name}";
        await using var reader = await select.ExecuteReaderAsync();
        await using var buffered = new BufferedStream(entry, 1 << 16);
        await using var json = new Utf8JsonWriter(buffered, new JsonWriterOptions { SkipValidation = true });
        WriteLine(json, buffered, () => table.Columns.ToList().ForEach(column => json.WriteStringValue(column.Name)));
        var rows = 0L;
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

        return rows;
    }

    private static void WriteLine(Utf8JsonWriter json, Stream stream, Action values)
    {
        json.WriteStartArray();
        values();
        json.WriteEndArray();
        json.Flush();
        json.Reset();
        stream.WriteByte((byte)'\n');
    }

    private void AddKeys(ZipArchive zip)
    {
        foreach (var key in Directory.EnumerateFiles(installation.KeyRingFolder, "*.key").Order(StringComparer.Ordinal))
        {
            zip.CreateEntryFromFile(key, $"{BackupManifest.KeysFolder}{Path.GetFileName(key)}");
        }
    }

    /// <summary>Readable by its owner only: it contains password hashes.</summary>
    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
