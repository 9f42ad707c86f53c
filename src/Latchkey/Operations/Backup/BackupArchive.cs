using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Operations.Backup;

/// <summary>
/// A backup file that may be anybody's. It is read within bounds, and anything but a whole backup is a <see cref="RestoreException"/>
/// with a sentence. It stays open, so that what was verified and what is restored are the same file.
/// </summary>
public sealed class BackupArchive : IDisposable
{
    private const int MaxManifestBytes = 1024 * 1024;
    private const int MaxKeyBytes = 4096;

    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries;

    private BackupArchive(ZipArchive zip)
    {
        this.zip = zip;
        entries = zip
            .Entries.DistinctBy(entry => entry.FullName, StringComparer.Ordinal)
            .ToDictionary(entry => entry.FullName, StringComparer.Ordinal);
        Manifest = ReadManifest();
        RequireKnownEntries();
        if (KeyEntries().Count() > BackupManifest.MaxKeys)
        {
            throw new RestoreException($"The backup holds more than {BackupManifest.MaxKeys} keys. Nothing was restored.");
        }

        Keys = KeyEntries().ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.Name), ReadKey, StringComparer.Ordinal);
    }

    public BackupManifest Manifest { get; }

    /// <summary>The texts of the key files by the keys' ids; empty for a backup without keys.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; }

    /// <exception cref="RestoreException">It is not a backup of this Latchkey or an older one, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BackupArchive Open(string path)
    {
        ZipArchive? zip = null;
        try
        {
            zip = BoundedZip.Open(path);
            return new BackupArchive(zip);
        }
        catch (InvalidDataException e)
        {
            zip?.Dispose();
            throw new RestoreException($"{path} is not a backup, or only a part of one: {e.Message}");
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the tables one after the other, in restore order.</summary>
    /// <exception cref="RestoreException">A table is damaged.</exception>
    public IEnumerable<BackupTable> Tables()
    {
        foreach (var ((name, rows), entry) in Manifest.Rows.Zip(TableEntries()))
        {
            using var table = new BackupTable(name, entries[entry], rows, Manifest.Digests.GetValueOrDefault(entry));
            yield return table;
        }
    }

    /// <summary>Reads everything once. Afterwards only what the database itself checks can prevent the restore.</summary>
    /// <exception cref="RestoreException">A table is damaged.</exception>
    public void Verify()
    {
        foreach (var table in Tables())
        {
            table.Verify();
        }
    }

    public void Dispose() => zip.Dispose();

    private BackupManifest ReadManifest()
    {
        if (!entries.TryGetValue(BackupManifest.ManifestEntry, out var entry))
        {
            throw new RestoreException("The file is not a Latchkey backup: it has no manifest.");
        }

        try
        {
            var manifest = BackupManifest.Read(Text(entry, MaxManifestBytes));
            return manifest.Format <= BackupManifest.CurrentFormat
                ? manifest
                : throw new RestoreException("A newer Latchkey wrote this backup. Restore it with that Latchkey.");
        }
        catch (JsonException)
        {
            throw new RestoreException("The file is not a Latchkey backup: its manifest cannot be read.");
        }
    }

    /// <summary>Checks that the file holds what the manifest says, each once, and nothing else.</summary>
    private void RequireKnownEntries()
    {
        if (Manifest.Rows.Keys.FirstOrDefault(name => !LatchkeyTables.IsKnown(name)) is { } unknown)
        {
            throw new RestoreException(
                $"The backup holds a table {Shown(unknown)}, which is not Latchkey's. Make the backup again with this Latchkey, which "
                    + "leaves out what others put into the database."
            );
        }

        if (TableEntries().FirstOrDefault(name => !entries.ContainsKey(name)) is { } missing)
        {
            throw new RestoreException($"The backup is damaged: it lacks {missing}. Nothing was restored.");
        }

        var expected = TableEntries()
            .Append(BackupManifest.ManifestEntry)
            .Concat(KeyEntries().Select(entry => entry.FullName))
            .ToHashSet(StringComparer.Ordinal);
        if (zip.Entries.FirstOrDefault(entry => !expected.Contains(entry.FullName)) is { } foreign)
        {
            throw new RestoreException($"The file holds {Shown(foreign.FullName)}, which is no part of a backup. Nothing was restored.");
        }

        if (entries.Count != zip.Entries.Count)
        {
            throw new RestoreException("The backup is damaged: it holds a file twice. Nothing was restored.");
        }

        expected.Remove(BackupManifest.ManifestEntry);
        if ((Manifest.IsSigned || Manifest.Digests.Count > 0) && !expected.SetEquals(Manifest.Digests.Keys))
        {
            throw new RestoreException("The backup is damaged: its manifest is not about the files in it. Nothing was restored.");
        }
    }

    private IEnumerable<string> TableEntries() => Manifest.Rows.Keys.Select((name, place) => BackupManifest.TableEntry(place, name));

    private IEnumerable<ZipArchiveEntry> KeyEntries() =>
        entries.Values.Where(entry =>
            RootKey.ParseTime(Path.GetFileNameWithoutExtension(entry.Name)) is not null
            && entry.FullName == BackupManifest.KeyEntry(Path.GetFileNameWithoutExtension(entry.Name))
        );

    private string ReadKey(ZipArchiveEntry entry)
    {
        var text = Text(entry, MaxKeyBytes);
        return !Manifest.Digests.TryGetValue(entry.FullName, out var digest) || digest == Digest(text)
            ? text.Trim()
            : throw new RestoreException($"The backup is damaged: its key {entry.Name} was changed. Nothing was restored.");
    }

    private static string Text(ZipArchiveEntry entry, int maxBytes)
    {
        using var stream = entry.Open();
        return InputFile.ReadText(stream, $"{entry.Name} in the backup", maxBytes);
    }

    /// <summary>The digest of a key file, as the manifest states it.</summary>
    public static string Digest(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Shown(string name) => Strings.Printable(Strings.Truncate(name, 60));
}
