using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;
using Latchkey.Operations.Backup;

namespace Latchkey.Tests.Operations.Backup;

/// <summary>A backup, and what an attacker or a fault may do to its file.</summary>
internal static class BackupFile
{
    public static async Task<string> Make(TestInstallation source, params string[] options)
    {
        var file = Path.Combine(source.DataFolder, $"{Path.GetRandomFileName()}.zip");
        (await source.Run(["backup", file, .. options])).ShouldSucceed();
        return file;
    }

    /// <summary>Changes the text of an entry, whose name ends like this.</summary>
    public static void Edit(string file, string entry, Func<string, string> change) =>
        EditBytes(file, entry, bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))));

    public static void EditBytes(string file, string entry, Func<byte[], byte[]> change)
    {
        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        var found = zip.Entries.Single(one => one.FullName.EndsWith(entry, StringComparison.Ordinal));
        var bytes = change(Read(found));
        using var stream = found.Open();
        stream.SetLength(0);
        stream.Write(bytes);
    }

    public static void Add(string file, string entry, string text)
    {
        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
        writer.Write(text);
    }

    public static BackupManifest Manifest(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return BackupManifest.Read(Encoding.UTF8.GetString(Read(zip.GetEntry(BackupManifest.ManifestEntry)!)));
    }

    public static void EditManifest(string file, Func<BackupManifest, BackupManifest> change) =>
        Edit(file, BackupManifest.ManifestEntry, text => change(BackupManifest.Read(text)).Write());

    /// <summary>Takes the signature off, and the digests with it.</summary>
    public static void Unsign(string file) =>
        EditManifest(
            file,
            manifest => manifest with { Key = "", Mac = "", Digests = new Dictionary<string, string>(StringComparer.Ordinal) }
        );

    /// <summary>Makes digests and signature fit again, with keys of one's own.</summary>
    public static void SignWith(string file, KeyRing ring)
    {
        FitDigests(file);
        EditManifest(file, manifest => manifest.Sign(ring));
    }

    /// <summary>Makes the digests fit again, as anybody can. The signature stays as it is.</summary>
    public static void FitDigests(string file)
    {
        Dictionary<string, string> digests;
        using (var zip = ZipFile.OpenRead(file))
        {
            digests = zip
                .Entries.Where(entry => entry.FullName != BackupManifest.ManifestEntry)
                .ToDictionary(entry => entry.FullName, entry => Convert.ToBase64String(SHA256.HashData(Read(entry))));
        }

        EditManifest(file, manifest => manifest with { Digests = digests });
    }

    /// <summary>What is in a data folder, with its content.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory
                    .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(path => File.Exists(path) ? $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}" : path),
            ];

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
